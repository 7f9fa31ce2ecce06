package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.MqttClientConnectionConfig;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttVersion;

/**
 * What a broker takes, as it says when it accepts a connection. Immutable.
 *
 * @param version that is spoken
 * @param qos the highest
 * @param retained whether it keeps messages for later subscribers
 * @param packet the longest. Unit: bytes
 */
record Abilities(MqttVersion version, int qos, boolean retained, int packet) {
    /** Those of a broker of MQTT 3.1.1, which cannot say anything else. */
    static final Abilities ALL = new Abilities(MqttVersion.V3_1_1, 2, true, Integer.MAX_VALUE);

    static Abilities of(MqttVersion version, MqttClientConnectionConfig connection) {
        return new Abilities(
                version,
                connection.getMaximumQos().getCode(),
                connection.isRetainAvailable(),
                connection.getSendMaximumPacketSize());
    }

    /** The message as the broker takes it. */
    MqttMessage fitted(MqttMessage message) {
        if (message.qos() <= qos && (retained || !message.retain())) {
            return message;
        }
        return new MqttMessage(
                message.topic(), message.payload(), Math.min(message.qos(), qos), message.retain() && retained);
    }

    /** What it does not take; empty: it takes all. */
    String limits() {
        String highest = qos < 2 ? "no QoS above " + qos : "";
        String keeps = retained ? "" : "no retained messages";
        return highest + (highest.isEmpty() || keeps.isEmpty() ? "" : ", ") + keeps;
    }
}
