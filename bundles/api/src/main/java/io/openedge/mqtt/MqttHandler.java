package io.openedge.mqtt;

/** Hears what comes from a broker. Called on the connection's thread, one call at a time: return quickly. */
@FunctionalInterface
public interface MqttHandler {
    /** A message came in; acknowledge it when it is taken care of, from any thread. */
    void onMessage(Delivery delivery);

    /** The connection is up and the subscriptions are made. */
    default void onConnected() {}

    /** The connection is gone; it is tried again unless the client was closed. */
    default void onDisconnected(String reason) {}
}
