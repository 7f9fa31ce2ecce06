package io.openedge.mqtt.client;

import static io.openedge.mqtt.client.Clients.config;
import static io.openedge.mqtt.client.Clients.message;
import static io.openedge.mqtt.client.Clients.tcp;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttSubscription;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** QoS 2 over lost connections and killed processes. */
@RunWith(Parameterized.class)
public class ExactlyOnceTest {
    @Parameters(name = "MQTT {0}")
    public static List<String> versions() {
        return List.of("3.1.1", "5");
    }

    @Parameter
    public String version;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Clients clients = new Clients();

    private final Recorder recorder = new Recorder(true);
    private Mosquitto broker;

    @Before
    public void startBroker() throws Exception {
        clients.version = version;
        broker = Mosquitto.open(folder.getRoot().toPath());
    }

    @After
    public void stopBroker() {
        broker.close();
    }

    @Test
    public void aKeptMessageComesOnceAndIsAcknowledgedAfterTheReconnect() throws Exception {
        MqttClient client = clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 2)), recorder);
        recorder.nextState();
        done(client, message("t", "first", 2));
        Delivery first = recorder.next();
        reconnect();
        done(client, message("t", "second", 2));
        Delivery second = recorder.next();
        assertThat(Recorder.text(second)).as("the first does not come again").isEqualTo("second");

        reconnect();
        first.acknowledge();
        second.acknowledge();

        // The next run of the client gets what was not acknowledged.
        done(client, message("t", "third", 2));
        recorder.next().acknowledge();
        client.close();
        Recorder next = new Recorder(true);
        MqttClient again = clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 2)), next);
        next.nextState();
        done(again, message("t", "fourth", 2));
        assertThat(next.nextText()).isEqualTo("fourth");
    }

    @Test
    public void whenTheBrokerForgetsTheSessionWhatFollowsIsAcknowledgedAllTheSame() throws Exception {
        MqttClient client = clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 2)), recorder);
        recorder.nextState();
        done(client, message("t", "first", 2));
        Delivery first = recorder.next();
        broker.kill();
        recorder.nextState();
        forget();
        broker.start();
        recorder.nextState();
        done(client, message("t", "second", 2));
        Delivery second = recorder.next();
        first.acknowledge();
        second.acknowledge();

        reconnect();
        done(client, message("t", "third", 2));

        assertThat(recorder.nextText()).as("the second was acknowledged").isEqualTo("third");
    }

    @Test
    public void aRetainedMessageComesOnceForASessionThatIsFoundAgain() throws Exception {
        Recorder writing = new Recorder(false);
        MqttClient writer = clients.connect(config(tcp(broker), "w"), writing);
        writing.nextState();
        done(writer, new MqttMessage("t", "kept".getBytes(UTF_8), 1, true));
        MqttClient client = clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 1)), recorder);
        recorder.nextState();
        Delivery kept = recorder.next();
        assertThat(kept.message().retain()).isTrue();
        kept.acknowledge();

        reconnect();
        done(client, message("t", "new", 1));

        assertThat(recorder.nextText()).isEqualTo("new");
    }

    @Test
    public void anIdThatAKilledProcessLeftBehindIsReleasedBeforeItIsUsed() throws Exception {
        Recorder reading = new Recorder(false);
        clients.connect(config(tcp(broker), "r", new MqttSubscription("t", 2)), reading);
        reading.nextState();
        publishWithoutRelease("a", "t", "x");

        MqttClient client = clients.connect(config(tcp(broker), "a"), recorder);
        recorder.nextState();
        done(client, message("t", "x", 2));

        assertThat(reading.nextText()).as("of the killed process").isEqualTo("x");
        assertThat(reading.nextText()).as("of the next one").isEqualTo("x");
    }

    /** As a process does that is killed between PUBREC and PUBREL. */
    private void publishWithoutRelease(String client, String topic, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port())) {
            socket.setSoTimeout(10_000);
            String connect = "\0\4MQTT\4\0\0\0\0" + (char) client.length() + client;
            String publish = "\0" + (char) topic.length() + topic + "\0\1" + text;
            socket.getOutputStream().write(packet((char) 0x10, connect));
            assertThat(socket.getInputStream().readNBytes(4)).startsWith(0x20, 2);
            socket.getOutputStream().write(packet((char) 0x34, publish));
            assertThat(socket.getInputStream().readNBytes(4)).containsExactly(0x50, 2, 0, 1);
        }
    }

    private static byte[] packet(char kind, String body) {
        return (kind + "" + (char) body.length() + body).getBytes(UTF_8);
    }

    private void reconnect() throws Exception {
        broker.stop();
        assertThat(recorder.nextState()).startsWith("disconnected");
        broker.start();
        assertThat(recorder.nextState()).isEqualTo("connected");
    }

    private void forget() throws IOException {
        assertThat(folder.getRoot().toPath().resolve("mosquitto.db").toFile().delete())
                .isTrue();
    }

    private static void done(MqttClient client, MqttMessage message) throws Exception {
        client.publish(message).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
