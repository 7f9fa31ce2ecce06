package io.openedge.mqtt.client;

import static io.openedge.mqtt.client.Clients.config;
import static io.openedge.mqtt.client.Clients.message;
import static io.openedge.mqtt.client.Clients.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttSubscription;
import io.openedge.mqtt.MqttVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Which version of MQTT is spoken with whom. */
public class VersionTest {
    private static final int[] NOT_3_1_1_SAYS_THE_OLD = {0x20, 2, 0, 1};
    private static final int[] NOT_5_SAYS_THE_NEW = {0x20, 3, 0, 0x84, 0};
    private static final int[] NOTHING = {};

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Clients clients = new Clients();

    private final Recorder recorder = new Recorder();

    @Before
    public void theNewestThatIsSpoken() {
        clients.version = "auto";
    }

    @Test
    public void aBrokerThatSpeaksMqtt5IsSpokenToInIt() throws Exception {
        try (Mosquitto broker = Mosquitto.open(folder.getRoot().toPath())) {
            MqttClient client = clients.connect(config(tcp(broker), "a", new MqttSubscription("t", 1)), recorder);
            assertThat(recorder.nextState()).isEqualTo("connected");

            assertThat(client.version()).isEqualTo(MqttVersion.V5);
            client.publish(message("t", "x", 1)).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(recorder.nextText()).isEqualTo("x");
            assertThat(clients.logged()).anyMatch(line -> line.endsWith("with MQTT 5"));
        }
    }

    @Test
    public void aBrokerThatRefusesItInItsOwnWords() throws Exception {
        fallsBack(NOT_3_1_1_SAYS_THE_OLD);
    }

    @Test
    public void aBrokerThatRefusesItInTheWordsOfMqtt5() throws Exception {
        fallsBack(NOT_5_SAYS_THE_NEW);
    }

    @Test
    public void aBrokerThatClosesTheConnection() throws Exception {
        fallsBack(NOTHING);
    }

    private void fallsBack(int... refusal) throws Exception {
        try (OldBroker broker = new OldBroker(refusal)) {
            MqttClient client = clients.connect(config(broker.address(), "a"), recorder);
            assertThat(recorder.nextState()).isEqualTo("connected");
            assertThat(client.version()).isEqualTo(MqttVersion.V3_1_1);
            assertThat(broker.asked).containsExactly(5, 4);

            broker.cut();
            assertThat(recorder.nextState()).startsWith("disconnected");
            assertThat(recorder.nextState()).isEqualTo("connected");
            assertThat(broker.asked).as("what was agreed is remembered").containsExactly(5, 4, 4);
            assertThat(recorder.failures).isEmpty();
            assertThat(clients.logged()).noneMatch(line -> line.contains("No connection"));
        }
    }

    @Test
    public void aBrokerThatHasLearntItSinceIsSpokenToInMqtt5() throws Exception {
        try (OldBroker broker = new OldBroker(NOT_3_1_1_SAYS_THE_OLD)) {
            MqttClient client = clients.connect(config(broker.address(), "a"), recorder);
            assertThat(recorder.nextState()).isEqualTo("connected");
            broker.accepts(5);
            broker.cut();
            assertThat(recorder.nextState()).startsWith("disconnected");
            assertThat(recorder.nextState()).isEqualTo("connected");
            assertThat(client.version()).isEqualTo(MqttVersion.V5);

            broker.accepts(4);
            broker.cut();
            assertThat(recorder.nextState()).startsWith("disconnected");
            assertThat(recorder.nextState()).isEqualTo("connected");
            assertThat(client.version()).isEqualTo(MqttVersion.V3_1_1);
            assertThat(recorder.failures).isEmpty();
        }
    }

    @Test
    public void aBrokerThatSpeaksNeitherIsAskedForBothEachTime() throws Exception {
        try (OldBroker broker = new OldBroker(NOT_3_1_1_SAYS_THE_OLD)) {
            broker.accepts(9);
            clients.connect(config(broker.address(), "a"), recorder);

            await().atMost(Duration.ofSeconds(20)).until(() -> recorder.failures.size() >= 2);
            assertThat(broker.asked.subList(0, 4)).containsExactly(5, 4, 5, 4);
            assertThat(recorder.failures.peek()).contains("does not speak MQTT");
        }
    }

    @Test
    public void aConnectionThatIsLostIsNoRefusal() throws Exception {
        try (OldBroker broker = new OldBroker(NOTHING)) {
            broker.accepts(5);
            MqttClient client = clients.connect(config(broker.address(), "a"), recorder);
            assertThat(recorder.nextState()).isEqualTo("connected");
            broker.accepts(9);
            broker.cut();

            await().atMost(Duration.ofSeconds(20)).until(() -> recorder.failures.size() >= 2);
            assertThat(client.version()).isEqualTo(MqttVersion.V5);
            assertThat(broker.asked).containsOnly(5);
        }
    }

    @Test
    public void aVersionThatIsConfiguredIsTheOnlyOne() throws Exception {
        clients.version = "5";
        try (OldBroker broker = new OldBroker(NOT_5_SAYS_THE_NEW)) {
            clients.connect(config(broker.address(), "a"), recorder);

            await().atMost(Duration.ofSeconds(20)).until(() -> recorder.failures.size() >= 2);
            assertThat(broker.asked).containsOnly(5);
            assertThat(recorder.failures.peek()).isEqualTo("the broker does not speak MQTT 5");
        }
    }
}
