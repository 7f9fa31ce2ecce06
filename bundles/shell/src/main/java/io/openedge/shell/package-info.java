/** The Felix shell on a socket of its own. */
@NullMarked
package io.openedge.shell;

import org.jspecify.annotations.NullMarked;
