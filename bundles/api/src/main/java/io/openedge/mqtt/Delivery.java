package io.openedge.mqtt;

/** A message that came in and waits for its acknowledgement. Thread rule: any thread. */
public interface Delivery {
    /** The message. */
    MqttMessage message();

    /** Whether the broker says that it may have sent it before. */
    boolean duplicate();

    /**
     * What the broker calls it until it is acknowledged: a message that is sent again has the same. 0 at QoS 0.
     */
    int packetId();

    /**
     * Tells the broker that the message is taken care of. Idempotent; without effect at QoS 0 and after the connection
     * that brought it is gone (the broker sends it again), unless the handler is {@link MqttHandler#exactlyOnce()}.
     */
    void acknowledge();
}
