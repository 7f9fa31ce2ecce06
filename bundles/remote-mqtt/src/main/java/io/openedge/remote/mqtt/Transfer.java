package io.openedge.remote.mqtt;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttMessage;

/**
 * A message that goes from one side to the other. Immutable; any thread.
 *
 * @param delivery what is acknowledged in the end
 * @param message as it is published on the other side
 * @param connection that brought it
 */
record Transfer(Delivery delivery, MqttMessage message, int connection) {
    int size() {
        return message.payload().length;
    }
}
