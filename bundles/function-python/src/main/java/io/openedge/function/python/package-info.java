/** Runs Python functions in workers of their own. */
@NullMarked
package io.openedge.function.python;

import org.jspecify.annotations.NullMarked;
