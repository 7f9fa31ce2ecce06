package io.openedge.function.manager.rule;

import io.openedge.function.manager.pool.Delays;
import io.openedge.function.manager.pool.Loop;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttMessage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Publishes results. One that the hub does not take is tried again while the connection lasts, at QoS 0 a few times;
 * after its end the hub sends an input of QoS 1 again, so that trying is pointless. Owned by the loop.
 */
final class ResultPublisher {
    private static final int TRIES_AT_QOS_0 = 5;
    private static final int SUSPICIOUS = 3;

    private final CompletableFuture<MqttClient> client;
    private final Loop loop;
    private final Logger log;
    private final Delays delays = new Delays(Duration.ofSeconds(10));
    /** Topics of what the hub has not acknowledged yet, the oldest first. */
    private final Map<Long, String> unacknowledged = new LinkedHashMap<>();

    private long lastNumber;
    private long stuck;
    private int closings;

    ResultPublisher(CompletableFuture<MqttClient> client, Loop loop, Logger log) {
        this.client = client;
        this.loop = loop;
        this.log = log;
    }

    /**
     * @param inputQos of the message that this is the result of
     * @param connected whether the connection that brought the input is still there. Asked of the rule and not of the
     *     client: at the beginning of a connection that client says no, and an input given up then would stay
     *     unacknowledged, with its place in the hub's window, until the next one
     * @param done hears on the loop whether the hub has it (QoS 1, 2) or it is on its way (QoS 0)
     */
    void publish(MqttMessage message, int inputQos, BooleanSupplier connected, Consumer<Boolean> done) {
        int most = inputQos == 0 ? TRIES_AT_QOS_0 : Integer.MAX_VALUE;
        if (message.qos() == 0) {
            publish(message, 1, most, connected, done);
            return;
        }
        long number = ++lastNumber;
        unacknowledged.put(number, message.topic());
        publish(message, 1, most, connected, safe -> {
            unacknowledged.remove(number);
            done.accept(safe);
        });
    }

    /**
     * The hub has closed the connection. It has no other answer to a message on a topic that is forbidden, and gets that
     * message again each time.
     *
     * @return the topic of a result at which it has done so again and again
     */
    Optional<String> closedByHub() {
        if (unacknowledged.isEmpty()) {
            return Optional.empty();
        }
        Map.Entry<Long, String> oldest = unacknowledged.entrySet().iterator().next();
        closings = oldest.getKey() == stuck ? closings + 1 : 1;
        stuck = oldest.getKey();
        return closings < SUSPICIOUS ? Optional.empty() : Optional.of(oldest.getValue());
    }

    private void publish(
            MqttMessage message, int attempt, int most, BooleanSupplier connected, Consumer<Boolean> done) {
        CompletableFuture<Void> way = publish(message).toCompletableFuture();
        if (way.isDone() && !way.isCompletedExceptionally()) {
            done.accept(true);
            return;
        }
        way.whenComplete((none, error) -> loop.execute(() -> {
            if (error == null) {
                done.accept(true);
            } else {
                failed(message, attempt, most, error, connected, done);
            }
        }));
    }

    private CompletionStage<Void> publish(MqttMessage message) {
        return client.isDone() ? client.join().publish(message) : client.thenCompose(c -> c.publish(message));
    }

    private void failed(
            MqttMessage message,
            int attempt,
            int most,
            Throwable error,
            BooleanSupplier connected,
            Consumer<Boolean> done) {
        if (attempt < most && connected.getAsBoolean()) {
            loop.schedule(delays.after(attempt), () -> publish(message, attempt + 1, most, connected, done));
        } else {
            log.warn("a result for {} cannot be published: {}", message.topic(), error.getMessage());
            done.accept(false);
        }
    }
}
