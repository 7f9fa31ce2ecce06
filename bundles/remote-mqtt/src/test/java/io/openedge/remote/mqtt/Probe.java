package io.openedge.remote.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttSubscription;
import io.openedge.mqtt.client.Mosquitto;
import io.openedge.mqtt.client.MqttClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.helpers.NOPLogger;

/** A client of one broker that hears what comes there, and publishes. */
final class Probe implements MqttHandler, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** What came, as {@code TOPIC/QOS TEXT}, with an r when it was retained. */
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final MqttClient client;

    Probe(Mosquitto broker, String... filters) throws Exception {
        MqttClientConfig config = new MqttClientConfig(
                "tcp://127.0.0.1:" + broker.port(),
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                null,
                LIMIT,
                Duration.ofMillis(500),
                LIMIT,
                true,
                false,
                1000,
                List.of(filters).stream()
                        .map(filter -> new MqttSubscription(filter, 2))
                        .toList());
        client = MqttClients.connect(
                config, Path.of("").toAbsolutePath(), (host, port) -> Optional.empty(), NOPLogger.NOP_LOGGER, this);
        connected.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void onConnected() {
        connected.complete(null);
    }

    @Override
    public void onMessage(Delivery delivery) {
        MqttMessage message = delivery.message();
        heard.add(message.topic() + "/" + message.qos() + (message.retain() ? "r " : " ")
                + new String(message.payload(), UTF_8));
        delivery.acknowledge();
    }

    Probe publish(String topic, String text, int qos) throws Exception {
        return publish(topic, text, qos, false);
    }

    Probe publish(String topic, String text, int qos, boolean retain) throws Exception {
        client.publish(new MqttMessage(topic, text.getBytes(UTF_8), qos, retain))
                .toCompletableFuture()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return this;
    }

    String next() throws InterruptedException {
        String next = heard.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).as("a message").isNotNull();
        return next;
    }

    void awaitHeard(int number) {
        await().atMost(LIMIT).until(() -> heard.size() >= number);
    }

    @Override
    public void close() {
        client.close();
    }
}
