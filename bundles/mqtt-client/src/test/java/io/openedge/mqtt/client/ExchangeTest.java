package io.openedge.mqtt.client;

import static io.openedge.mqtt.client.Clients.config;
import static io.openedge.mqtt.client.Clients.message;
import static io.openedge.mqtt.client.Clients.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttSubscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

/** Messages go out and come in. */
@RunWith(Parameterized.class)
public class ExchangeTest {
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

    private final Recorder recorder = new Recorder();
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
    public void messagesOfEachQualityComeBackInOrderOnTheConnectionsThread() throws Exception {
        CompletableFuture<String> thread = new CompletableFuture<>();
        MqttHandler handler = new MqttHandler() {
            @Override
            public void onMessage(Delivery delivery) {
                thread.complete(Thread.currentThread().getName());
                delivery.acknowledge();
                recorder.onMessage(delivery);
            }

            @Override
            public void onConnected() {
                recorder.onConnected();
            }
        };
        MqttClient client = clients.connect(config(tcp(broker), "a", new MqttSubscription("t/#", 2)), handler);
        assertThat(recorder.nextState()).isEqualTo("connected");
        assertThat(client.connected()).isTrue();

        for (int i = 0; i < 99; i++) {
            done(client.publish(message("t/" + i, "m" + i, i % 3)));
        }

        for (int i = 0; i < 99; i++) {
            Delivery delivery = recorder.next();
            assertThat(Recorder.text(delivery)).isEqualTo("m" + i);
            assertThat(delivery.message().topic()).isEqualTo("t/" + i);
            assertThat(delivery.message().qos()).isEqualTo(i % 3);
            assertThat(delivery.duplicate()).isFalse();
        }
        assertThat(thread.join()).isEqualTo("mqtt-a");
    }

    @Test
    public void aKeptMessageSaysSoAndAnEmptyOneIsAMessage() throws Exception {
        MqttClient writer = clients.connect(config(tcp(broker), "w"), recorder);
        recorder.nextState();
        done(writer.publish(new MqttMessage("kept", new byte[] {1}, 1, true)));

        clients.connect(config(tcp(broker), "r", new MqttSubscription("#", 1)), recorder);
        assertThat(recorder.next().message().retain()).isTrue();

        done(writer.publish(message("empty", "", 1)));
        MqttMessage empty = recorder.next().message();
        assertThat(empty.payload()).isEmpty();
        assertThat(empty.retain()).isFalse();
    }

    @Test
    public void aTopicWithWildcardsIsRefusedAtOnce() throws Exception {
        MqttClient client = clients.connect(config(tcp(broker), "a"), recorder);
        recorder.nextState();

        assertThatThrownBy(() -> done(client.publish(message("t/+", "x", 1)))).hasCauseInstanceOf(MqttException.class);
        assertThatThrownBy(() -> done(client.publish(message("", "x", 0)))).hasCauseInstanceOf(MqttException.class);
    }

    @Test
    public void anExceptionInTheHandlerIsLoggedAndTheConnectionGoesOn() throws Exception {
        MqttHandler handler = new MqttHandler() {
            @Override
            public void onMessage(Delivery delivery) {
                recorder.onMessage(delivery);
                throw new IllegalStateException("broken");
            }

            @Override
            public void onConnected() {
                recorder.onConnected();
                throw new LinkageError("broken too");
            }
        };
        MqttClient client = clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 0)), handler);
        recorder.nextState();

        done(client.publish(message("t", "1", 0)));
        done(client.publish(message("t", "2", 0)));

        assertThat(recorder.nextText()).isEqualTo("1");
        assertThat(recorder.nextText()).isEqualTo("2");
        assertThat(clients.logged())
                .filteredOn(line -> line.contains("not handled"))
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    public void aMessageIsAcknowledgedFromAnotherThreadAndOnlyOnce() throws Exception {
        MqttClient client = clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 1)), recorder);
        recorder.nextState();
        done(client.publish(message("t", "1", 1)));

        Delivery delivery = recorder.next();
        delivery.acknowledge();
        delivery.acknowledge();
        client.close();

        clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 1)), recorder);
        assertThat(recorder.nextState()).isEqualTo("connected");
        MqttClient other = clients.connect(config(tcp(broker), "b"), recorder);
        recorder.nextState();
        done(other.publish(message("t", "2", 1)));
        assertThat(recorder.nextText()).isEqualTo("2");
    }

    @Test
    public void aWebSocketCarriesTheSame() throws Exception {
        int port = Mosquitto.freePort();
        try (Mosquitto web = Mosquitto.start(
                folder.newFolder().toPath(),
                "allow_anonymous true",
                "listener " + port + " 127.0.0.1",
                "protocol websockets")) {
            MqttClient client = clients.connect(
                    config("ws://127.0.0.1:" + port + "/mqtt", "a", new MqttSubscription("t", 1)), recorder);
            assertThat(recorder.nextState()).isEqualTo("connected");

            byte[] large = new byte[200_000];
            large[199_999] = 7;
            done(client.publish(new MqttMessage("t", large, 1, false)));

            assertThat(recorder.next().message().payload()).isEqualTo(large);
        }
    }

    private static void done(CompletionStage<Void> publication) throws Exception {
        publication.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
