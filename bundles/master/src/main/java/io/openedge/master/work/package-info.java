/** Threads and time of the gateway. */
@NullMarked
package io.openedge.master.work;

import org.jspecify.annotations.NullMarked;
