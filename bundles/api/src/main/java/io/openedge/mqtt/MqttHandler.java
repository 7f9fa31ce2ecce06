package io.openedge.mqtt;

/** Hears what comes from a broker. Called on the connection's thread, one call at a time: return quickly. */
@FunctionalInterface
public interface MqttHandler {
    /** A message came in; acknowledge it when it is taken care of, from any thread. */
    void onMessage(Delivery delivery);

    /** No more messages have arrived for now: what was held back to be treated together can be treated. */
    default void onPause() {}

    /**
     * Whether the receiver keeps messages of QoS 2 from one connection to the next. Then one that waits for its
     * acknowledgement when the connection ends does not come again while the session lasts, and its acknowledgement counts
     * after a reconnect as well; and a session that was found again is not subscribed anew, so that it gets no retained
     * message twice. Otherwise what was not acknowledged comes again. Never changes.
     */
    default boolean exactlyOnce() {
        return false;
    }

    /** The connection is up and the subscriptions are made. */
    default void onConnected() {}

    /** A connection that was up is gone; it is tried again. */
    default void onDisconnected(String reason) {}

    /** A try to connect, or to subscribe on a new connection, failed; it is tried again. */
    default void onFailed(String reason) {}
}
