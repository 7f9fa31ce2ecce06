package io.openedge.timer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttVersion;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A hub in memory, and the connection to it. */
final class FakeHub implements MqttClient {
    /** What came, as {@code TOPIC/QOS PAYLOAD}. */
    final List<String> published = new CopyOnWriteArrayList<>();

    boolean up = true;
    boolean refuses;
    boolean acknowledges = true;
    boolean closed;

    private final Queue<CompletableFuture<Void>> unacknowledged = new ArrayDeque<>();

    @Override
    public CompletionStage<Void> publish(MqttMessage message) {
        if (refuses) {
            return CompletableFuture.failedFuture(new MqttException("Too many messages are on their way"));
        }
        published.add(message.topic() + "/" + message.qos() + " " + new String(message.payload(), UTF_8));
        CompletableFuture<Void> taken = new CompletableFuture<>();
        if (acknowledges || message.qos() == 0) {
            taken.complete(null);
        } else {
            unacknowledged.add(taken);
        }
        return taken;
    }

    void acknowledge() {
        unacknowledged.remove().complete(null);
    }

    @Override
    public MqttVersion version() {
        return MqttVersion.V3_1_1;
    }

    @Override
    public boolean connected() {
        return up;
    }

    @Override
    public void close() {
        closed = true;
    }
}
