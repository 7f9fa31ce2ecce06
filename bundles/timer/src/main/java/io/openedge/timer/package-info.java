/** The timer: the smallest module. */
@NullMarked
package io.openedge.timer;

import org.jspecify.annotations.NullMarked;
