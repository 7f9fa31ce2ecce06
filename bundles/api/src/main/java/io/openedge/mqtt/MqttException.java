package io.openedge.mqtt;

/** A message that was not taken: no connection, a full buffer, or a broker that refused it. */
public class MqttException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message why */
    public MqttException(String message) {
        super(message);
    }
}
