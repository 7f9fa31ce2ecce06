/** The MQTT broker of the gateway. */
@NullMarked
package io.openedge.hub;

import org.jspecify.annotations.NullMarked;
