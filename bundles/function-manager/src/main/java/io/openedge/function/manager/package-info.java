/** Rules and pools of function instances. */
@NullMarked
package io.openedge.function.manager;

import org.jspecify.annotations.NullMarked;
