/** Bundles that were installed from the shell, kept for the next start of the gateway. */
@NullMarked
package io.openedge.shell.kept;

import org.jspecify.annotations.NullMarked;
