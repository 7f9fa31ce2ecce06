package io.openedge.it;

import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A user of the hub: publishes, and keeps what it gets as lines {@code TOPIC PAYLOAD}. */
final class HubClient implements AutoCloseable {
    private final Mqtt3BlockingClient client;
    private final AtomicInteger published = new AtomicInteger();
    private final List<String> received = new CopyOnWriteArrayList<>();

    /** Connects as the user that all example applications have. */
    HubClient(int port) {
        client = Mqtt3Client.builder()
                .identifier("user-" + UUID.randomUUID())
                .serverHost("127.0.0.1")
                .serverPort(port)
                .simpleAuth()
                .username("test")
                .password("hahaha".getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .buildBlocking();
        client.toAsync()
                .publishes(
                        MqttGlobalPublishFilter.ALL,
                        message -> received.add(message.getTopic() + " "
                                + new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8)));
        client.connect();
    }

    /** Whether a hub answers there. */
    static boolean reachable(int port) {
        try (HubClient probe = new HubClient(port)) {
            return true;
        } catch (RuntimeException noHub) {
            return false;
        }
    }

    HubClient subscribe(String filter) {
        client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
        return this;
    }

    HubClient publish(String topic, String payload) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send();
        published.incrementAndGet();
        return this;
    }

    /** How many messages it published. */
    int published() {
        return published.get();
    }

    /** All that came so far. */
    List<String> received() {
        return received;
    }

    /** Waits for a message on a topic and answers its payload. */
    String awaitMessage(String topic) {
        return awaitMessage(topic, "");
    }

    /** Waits for a message on a topic that contains a text, and answers its payload. */
    String awaitMessage(String topic, String text) {
        await("a message on " + topic + " with '" + text + "'")
                .atMost(Duration.ofSeconds(30))
                .until(() -> find(topic, text) != null);
        return find(topic, text).substring(topic.length() + 1);
    }

    private String find(String topic, String text) {
        return received.stream()
                .filter(line -> line.startsWith(topic + " ") && line.contains(text))
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        if (client.getState().isConnected()) {
            client.disconnect();
        }
    }
}
