package io.openedge.mqtt;

/**
 * A message. The payload is not copied and must not be changed.
 *
 * @param topic without wildcards
 * @param payload any bytes
 * @param qos 0 to 2
 * @param retain on publish: keep it for later subscribers; on delivery: it was kept
 */
public record MqttMessage(String topic, byte[] payload, int qos, boolean retain) {}
