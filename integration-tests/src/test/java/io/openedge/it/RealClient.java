package io.openedge.it;

import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * MQTT clients that are not ours, all in one form. A subscriber leaves a will on {@code will/ID}, with its id as payload
 * and the QoS of its subscription; what it gets are lines {@code QOS RETAIN TOPIC PAYLOAD}.
 */
enum RealClient {
    MOSQUITTO {
        @Override
        Subscriber subscribe(int port, String id, boolean clean, String filter, int qos) throws Exception {
            List<String> line = mosquitto("mosquitto_sub", port, id);
            line.addAll(List.of("-t", filter, "-q", String.valueOf(qos), "-F", "%q %r %t %p", "-d"));
            line.addAll(List.of("--will-topic", "will/" + id, "--will-payload", id, "--will-qos", String.valueOf(qos)));
            if (!clean) {
                line.add("-c");
            }
            return new Program(line, "Subscribed (mid");
        }

        @Override
        void publish(int port, String id, String topic, int qos, boolean retain, String payload) throws Exception {
            List<String> line = mosquitto("mosquitto_pub", port, id);
            line.addAll(List.of("-t", topic, "-q", String.valueOf(qos), "-m", payload));
            if (retain) {
                line.add("-r");
            }
            run(line);
        }
    },
    PAHO_PYTHON {
        private static final String PYTHON = "/usr/bin/python3";

        @Override
        Subscriber subscribe(int port, String id, boolean clean, String filter, int qos) throws Exception {
            List<String> line = List.of(PYTHON, script(), String.valueOf(port), id, String.valueOf(clean), filter);
            List<String> all = new ArrayList<>(line);
            all.addAll(List.of(String.valueOf(qos), "will/" + id));
            return new Program(all, "ready");
        }

        @Override
        void publish(int port, String id, String topic, int qos, boolean retain, String payload) throws Exception {
            List<String> line = new ArrayList<>(List.of(PYTHON, script(), String.valueOf(port), id, "publish", topic));
            line.addAll(List.of(String.valueOf(qos), String.valueOf(retain), payload));
            run(line);
        }

        private String script() {
            return Distribution.project()
                    .resolve("integration-tests/src/test/resources/clients/paho_client.py")
                    .toString();
        }
    },
    PAHO_JAVA {
        @Override
        Subscriber subscribe(int port, String id, boolean clean, String filter, int qos) throws Exception {
            MqttClient client = paho(port, id);
            MqttConnectOptions options = options(clean);
            options.setWill("will/" + id, id.getBytes(StandardCharsets.UTF_8), qos, false);
            List<String> lines = new CopyOnWriteArrayList<>();
            client.setCallback(new PahoInbox(lines));
            client.connect(options);
            client.subscribe(filter, qos);
            return new Subscriber() {
                @Override
                public List<String> lines() {
                    return lines;
                }

                @Override
                public void close() throws Exception {
                    if (client.isConnected()) {
                        client.disconnect();
                    }
                    client.close();
                }
            };
        }

        @Override
        void publish(int port, String id, String topic, int qos, boolean retain, String payload) throws Exception {
            MqttClient client = paho(port, id);
            client.connect(options(true));
            client.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain);
            client.disconnect();
            client.close();
        }

        private MqttClient paho(int port, String id) throws Exception {
            MqttClient client = new MqttClient("tcp://localhost:" + port, id, new MemoryPersistence());
            client.setTimeToWait(SECONDS * 1_000L);
            return client;
        }

        private MqttConnectOptions options(boolean clean) {
            MqttConnectOptions options = new MqttConnectOptions();
            options.setUserName("test");
            options.setPassword("hahaha".toCharArray());
            options.setCleanSession(clean);
            return options;
        }
    },
    HIVEMQ {
        @Override
        Subscriber subscribe(int port, String id, boolean clean, String filter, int qos) throws Exception {
            Mqtt3AsyncClient client = hive(port, id);
            List<String> lines = new CopyOnWriteArrayList<>();
            client.publishes(MqttGlobalPublishFilter.ALL, message -> lines.add(line(message)));
            client.connectWith()
                    .cleanSession(clean)
                    .willPublish()
                    .topic("will/" + id)
                    .payload(id.getBytes(StandardCharsets.UTF_8))
                    .qos(MqttQos.fromCode(qos))
                    .applyWillPublish()
                    .send()
                    .get(SECONDS, TimeUnit.SECONDS);
            client.subscribeWith()
                    .topicFilter(filter)
                    .qos(MqttQos.fromCode(qos))
                    .send()
                    .get(SECONDS, TimeUnit.SECONDS);
            return new Subscriber() {
                @Override
                public List<String> lines() {
                    return lines;
                }

                @Override
                public void close() throws Exception {
                    if (client.getState().isConnected()) {
                        client.disconnect().get(SECONDS, TimeUnit.SECONDS);
                    }
                }
            };
        }

        private String line(Mqtt3Publish message) {
            return String.format(
                    Locale.ROOT,
                    "%d %d %s %s",
                    message.getQos().getCode(),
                    message.isRetain() ? 1 : 0,
                    message.getTopic(),
                    new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8));
        }

        @Override
        void publish(int port, String id, String topic, int qos, boolean retain, String payload) throws Exception {
            Mqtt3AsyncClient client = hive(port, id);
            client.connect().get(SECONDS, TimeUnit.SECONDS);
            client.publishWith()
                    .topic(topic)
                    .qos(MqttQos.fromCode(qos))
                    .retain(retain)
                    .payload(payload.getBytes(StandardCharsets.UTF_8))
                    .send()
                    .get(SECONDS, TimeUnit.SECONDS);
            client.disconnect().get(SECONDS, TimeUnit.SECONDS);
        }

        private Mqtt3AsyncClient hive(int port, String id) {
            return Mqtt3Client.builder()
                    .identifier(id)
                    .serverHost("localhost")
                    .serverPort(port)
                    .simpleAuth()
                    .username("test")
                    .password("hahaha".getBytes(StandardCharsets.UTF_8))
                    .applySimpleAuth()
                    .buildAsync();
        }
    };

    private static final int SECONDS = 30;

    /** One that is connected. */
    interface Subscriber extends AutoCloseable {
        /** What came so far. */
        List<String> lines();
    }

    /** Connects and subscribes. */
    abstract Subscriber subscribe(int port, String id, boolean clean, String filter, int qos) throws Exception;

    /** Publishes one message with a client of its own; returns when it is safe. */
    abstract void publish(int port, String id, String topic, int qos, boolean retain, String payload) throws Exception;

    /** For ids. */
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Without stdbuf it would keep for itself what it says of its connection. */
    private static List<String> mosquitto(String program, int port, String id) {
        return new ArrayList<>(List.of(
                "stdbuf",
                "-oL",
                program,
                "-h",
                "localhost",
                "-p",
                String.valueOf(port),
                "-u",
                "test",
                "-P",
                "hahaha",
                "-i",
                id));
    }

    private static void run(List<String> line) throws Exception {
        Outcome.of(new ProcessBuilder(line), Files.createTempDirectory("client"))
                .expect(0);
    }

    private record PahoInbox(List<String> lines) implements org.eclipse.paho.client.mqttv3.MqttCallback {
        @Override
        public void connectionLost(Throwable cause) {
            lines.add("lost");
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%d %d %s %s",
                    message.getQos(),
                    message.isRetained() ? 1 : 0,
                    topic,
                    new String(message.getPayload(), StandardCharsets.UTF_8)));
        }

        @Override
        public void deliveryComplete(org.eclipse.paho.client.mqttv3.IMqttDeliveryToken token) {
            // publish returns then
        }
    }

    /** A subscriber in a process of its own, whose output are its lines and, before them, a sign that it is ready. */
    private static final class Program implements Subscriber {
        private final Process process;
        private final Path output = Files.createTempFile("client", ".out");

        Program(List<String> line, String ready) throws IOException {
            process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                await(line + " is ready")
                        .atMost(Duration.ofSeconds(SECONDS))
                        .until(() -> Files.readString(output).contains(ready));
            } catch (ConditionTimeoutException e) {
                process.destroyForcibly();
                throw new IOException("not ready: " + Files.readString(output), e);
            }
        }

        @Override
        public List<String> lines() {
            try {
                return Files.readAllLines(output).stream()
                        .filter(line -> line.matches("[012] [01] .*"))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws Exception {
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(output);
        }
    }
}
