package io.openedge.mqtt;

import java.util.concurrent.CompletionStage;

/** A connection that is kept: it connects again with back-off until it is closed. Thread rule: any thread. */
public interface MqttClient extends AutoCloseable {
    /**
     * Publishes; never blocks. Completes when the message is on its way (QoS 0), the broker has it (QoS 1) or the
     * exchange is over (QoS 2: with its PUBCOMP; before that the broker may still wait for a word to go on). While
     * there is no connection up to {@link MqttClientConfig#bufferSize()} messages of QoS 1 and 2 wait for it; what does
     * not fit, and QoS 0 without a connection, completes exceptionally with a {@link MqttException}.
     */
    CompletionStage<Void> publish(MqttMessage message);

    /** Whether the connection is up now. */
    boolean connected();

    /** What is spoken with the broker, or will be tried next. */
    MqttVersion version();

    /** Disconnects in good order; nothing is called back afterwards. Idempotent. */
    @Override
    void close();
}
