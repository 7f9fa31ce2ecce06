/** Connections of clients and what the hub knows of each client. */
@NullMarked
package io.openedge.hub.session;

import org.jspecify.annotations.NullMarked;
