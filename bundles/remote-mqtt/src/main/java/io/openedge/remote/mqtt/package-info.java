/** The remote bridge: messages between the hub and other brokers. */
@NullMarked
package io.openedge.remote.mqtt;

import org.jspecify.annotations.NullMarked;
