package io.openedge.mqtt.client;

import static io.openedge.mqtt.client.Clients.config;
import static io.openedge.mqtt.client.Clients.message;
import static io.openedge.mqtt.client.Clients.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.module.ServiceLocator.Location;
import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttSubscription;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** The broker goes and comes back. */
@RunWith(Parameterized.class)
public class ReconnectTest {
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
    public void theFirstConnectIsTriedUntilTheBrokerIsThere() throws Exception {
        broker.kill();
        MqttClient client = clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 1)), recorder);
        CompletionStage<Void> early = client.publish(message("t", "early", 1));
        assertThat(recorder.failures.poll(20, TimeUnit.SECONDS)).contains("connection refused");
        assertThat(recorder.failures.poll(20, TimeUnit.SECONDS))
                .as("the second try")
                .contains("connection refused");
        assertThat(client.connected()).isFalse();

        broker.start();

        assertThat(recorder.nextState()).isEqualTo("connected");
        done(early);
        assertThat(clients.logged())
                .filteredOn(line -> line.contains("connection refused"))
                .hasSize(1);
    }

    @Test
    public void whatWasPublishedWithoutAConnectionGoesOutInOrderAfterwards() throws Exception {
        MqttClient client = clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 2)), recorder);
        recorder.nextState();
        broker.stop();
        assertThat(recorder.nextState()).isEqualTo("disconnected: the broker closed the connection");

        List<CompletionStage<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(client.publish(message("t", "m" + i, 1)));
        }
        assertThatThrownBy(() -> done(client.publish(message("t", "one too many", 1))))
                .hasCauseInstanceOf(MqttException.class)
                .hasMessageContaining("full");
        assertThatThrownBy(() -> done(client.publish(message("t", "in vain", 0))))
                .hasCauseInstanceOf(MqttException.class)
                .hasMessageContaining("No connection");
        broker.start();

        for (int i = 0; i < 10; i++) {
            done(waiting.get(i));
            Delivery delivery = recorder.next();
            assertThat(Recorder.text(delivery)).isEqualTo("m" + i);
            delivery.acknowledge();
        }
        assertThat(recorder.nextState()).isEqualTo("connected");
    }

    @Test
    public void whatWasNotAcknowledgedComesAgainAndALateAcknowledgementIsVoid() throws Exception {
        for (int qos = 1; qos <= 2; qos++) {
            MqttClient client =
                    clients.connect(config(tcp(broker), "a" + qos, new MqttSubscription("t" + qos, qos)), recorder);
            assertThat(recorder.nextState()).isEqualTo("connected");
            done(client.publish(message("t" + qos, "first", qos)));
            Delivery before = recorder.next();

            broker.stop();
            assertThat(recorder.nextState()).startsWith("disconnected");
            broker.start();

            assertThat(recorder.nextState()).isEqualTo("connected");
            Delivery again = recorder.next();
            assertThat(Recorder.text(again)).isEqualTo("first");
            assertThat(again.duplicate()).isTrue();
            before.acknowledge();

            broker.stop();
            assertThat(recorder.nextState()).startsWith("disconnected");
            broker.start();
            assertThat(recorder.nextState()).isEqualTo("connected");
            Delivery third = recorder.next();
            assertThat(Recorder.text(third)).as("nobody has acknowledged it").isEqualTo("first");
            third.acknowledge();
            done(client.publish(message("t" + qos, "second", qos)));
            assertThat(recorder.nextText()).isEqualTo("second");
            client.close();
        }
    }

    @Test
    public void aLateAcknowledgementDoesNotReachAMessageThatHasTheSameNumberNow() throws Exception {
        MqttClient client = clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 1)), recorder);
        recorder.nextState();
        done(client.publish(message("t", "old", 1)));
        Delivery old = recorder.next();
        broker.kill();
        recorder.nextState();
        // A broker that has forgotten everything gives the first number again.
        forget();
        broker.start();
        recorder.nextState();
        done(client.publish(message("t", "new", 1)));
        assertThat(recorder.nextText()).isEqualTo("new");
        old.acknowledge();

        broker.stop();
        recorder.nextState();
        broker.start();
        assertThat(recorder.nextText()).isEqualTo("new");
    }

    private void forget() throws Exception {
        Files.deleteIfExists(folder.getRoot().toPath().resolve("mosquitto.db"));
    }

    @Test
    public void whatTheBrokerHasNotAcknowledgedIsSentAgain() throws Exception {
        try (Relay relay = new Relay(broker.port())) {
            MqttClient client = clients.connect(config("tcp://127.0.0.1:" + relay.port(), "a"), recorder);
            recorder.nextState();
            Recorder other = new Recorder();
            clients.connect(config(tcp(broker), "b", new MqttSubscription("t", 2)), other);
            other.nextState();
            relay.swallow();
            List<CompletionStage<Void>> sent =
                    List.of(client.publish(message("t", "1", 1)), client.publish(message("t", "2", 2)));
            assertThat(sent).noneMatch(each -> each.toCompletableFuture().isDone());
            relay.cut();
            assertThat(recorder.nextState()).startsWith("disconnected");

            assertThat(recorder.nextState()).isEqualTo("connected");
            done(sent.get(0));
            done(sent.get(1));
            assertThat(other.nextText()).isEqualTo("1");
            assertThat(other.nextText()).isEqualTo("2");
        }
    }

    @Test
    public void aKeptSessionLosesNothingThatCameWhileNobodyWasThere() throws Exception {
        MqttClient reader = clients.connect(config(tcp(broker), "r", new MqttSubscription("t", 1)), recorder);
        recorder.nextState();
        reader.close();
        Recorder writing = new Recorder();
        MqttClient writer = clients.connect(config(tcp(broker), "w"), writing);
        writing.nextState();
        for (int i = 0; i < 15; i++) {
            done(writer.publish(message("t", "m" + i, 1)));
        }

        clients.connect(config(tcp(broker), "r", new MqttSubscription("t", 1)), recorder);

        for (int i = 0; i < 15; i++) {
            Delivery delivery = recorder.next();
            assertThat(Recorder.text(delivery)).isEqualTo("m" + i);
            delivery.acknowledge();
        }
    }

    @Test
    public void aSessionThatEndsWithTheConnectionStillHearsAfterIt() throws Exception {
        MqttClient client = clients.connect(config(tcp(broker), "", new MqttSubscription("t", 1)), recorder);
        for (int i = 0; i < 3; i++) {
            assertThat(recorder.nextState()).isEqualTo("connected");
            done(client.publish(message("t", "m" + i, 1)));
            Delivery delivery = recorder.next();
            assertThat(Recorder.text(delivery)).isEqualTo("m" + i);
            broker.stop();
            assertThat(recorder.nextState()).startsWith("disconnected");
            broker.start();
        }
    }

    @Test
    public void anotherClientOfTheSameNameTakesTheConnectionOver() throws Exception {
        clients.connect(config(tcp(broker), "a"), recorder);
        recorder.nextState();
        Recorder other = new Recorder();

        MqttClient thief = clients.connect(config(tcp(broker), "a"), other);

        assertThat(other.nextState()).isEqualTo("connected");
        assertThat(recorder.nextState()).isEqualTo("disconnected: the broker closed the connection");
        thief.close();
        assertThat(recorder.nextState()).isEqualTo("connected");
    }

    @Test
    public void aServiceIsFoundWhereItIsNow() throws Exception {
        clients.locator = (host, port) ->
                host.equals("local_hub") ? Optional.of(new Location("127.0.0.1", broker.port())) : Optional.empty();

        clients.connect(config("tcp://local_hub:1883", "a"), recorder);

        assertThat(recorder.nextState()).isEqualTo("connected");
    }

    private static void done(CompletionStage<Void> publication) throws Exception {
        publication.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
