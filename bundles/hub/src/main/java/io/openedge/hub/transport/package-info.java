/** Listeners, and the way between bytes and packets. */
@NullMarked
package io.openedge.hub.transport;

import org.jspecify.annotations.NullMarked;
