package io.openedge.mqtt;

import io.openedge.app.InvalidValueException;

/**
 * A topic filter and the quality of service wanted. Immutable.
 *
 * @param topic a filter, wildcards allowed
 * @param qos 0 to 2
 */
public record MqttSubscription(String topic, int qos) {
    public MqttSubscription {
        if (topic == null) {
            throw new InvalidValueException("topic", "", "a topic filter");
        }
        if (qos < 0 || qos > 2) {
            throw new InvalidValueException("qos", qos, "0, 1 or 2");
        }
    }
}
