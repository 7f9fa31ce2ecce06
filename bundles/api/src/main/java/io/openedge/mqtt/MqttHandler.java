package io.openedge.mqtt;

/** Hears what comes from a broker. Called on the connection's thread, one call at a time: return quickly. */
@FunctionalInterface
public interface MqttHandler {
    /** A message came in; acknowledge it when it is taken care of, from any thread. */
    void onMessage(Delivery delivery);

    /** The connection is up and the subscriptions are made. */
    default void onConnected() {}

    /** A connection that was up is gone; it is tried again. */
    default void onDisconnected(String reason) {}

    /** A try to connect, or to subscribe on a new connection, failed; it is tried again. */
    default void onFailed(String reason) {}
}
