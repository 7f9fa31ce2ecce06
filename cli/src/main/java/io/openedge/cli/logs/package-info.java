/** Finds what a service has logged, in files that roll over. */
@NullMarked
package io.openedge.cli.logs;

import org.jspecify.annotations.NullMarked;
