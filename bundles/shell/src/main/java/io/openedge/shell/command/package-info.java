/** What can be typed, beside Gogo's own commands. */
@NullMarked
package io.openedge.shell.command;

import org.jspecify.annotations.NullMarked;
