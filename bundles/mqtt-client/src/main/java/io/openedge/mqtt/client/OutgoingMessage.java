package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.datatypes.MqttTopicImpl;
import com.hivemq.client.internal.mqtt.datatypes.MqttUserPropertiesImpl;
import com.hivemq.client.internal.mqtt.message.publish.MqttPublish;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttMessage;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A message on its way, with the promise to its publisher: results name the message, so no table is needed. */
final class OutgoingMessage extends MqttPublish {
    private final CompletableFuture<Void> completion = new CompletableFuture<>();
    private final int size;

    /** @throws IllegalArgumentException when the topic has wildcards or is no topic */
    OutgoingMessage(MqttMessage message) {
        super(
                MqttTopicImpl.of(message.topic()),
                ByteBuffer.wrap(message.payload()),
                Objects.requireNonNull(MqttQos.fromCode(message.qos()), "QoS 0, 1 or 2"),
                message.retain(),
                NO_MESSAGE_EXPIRY,
                null,
                null,
                null,
                null,
                MqttUserPropertiesImpl.NO_USER_PROPERTIES,
                null);
        size = message.payload().length;
    }

    CompletableFuture<Void> completion() {
        return completion;
    }

    int size() {
        return size;
    }

    boolean kept() {
        return getQos() != MqttQos.AT_MOST_ONCE;
    }

    void done() {
        completion.complete(null);
    }

    void failed(String reason) {
        failed(new MqttException(reason));
    }

    void failed(MqttException reason) {
        completion.completeExceptionally(reason);
    }

    // One message may be published twice: what counts is which promise it is.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
