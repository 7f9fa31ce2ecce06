package io.openedge.mqtt.client;

import static io.openedge.mqtt.client.Clients.config;
import static io.openedge.mqtt.client.Clients.login;
import static io.openedge.mqtt.client.Clients.message;
import static io.openedge.mqtt.client.Clients.tcp;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttRefusedException;
import io.openedge.mqtt.MqttSubscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a broker of MQTT 5 says that it does not take. */
public class TermsTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Clients clients = new Clients();

    private final Recorder recorder = new Recorder();
    private final Recorder hearing = new Recorder();
    private String address = "";
    private Mosquitto broker;

    @Before
    public void mqtt5() {
        clients.version = "5";
    }

    @After
    public void stopBroker() {
        broker.close();
    }

    private MqttClient connected(String... lines) throws Exception {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add("allow_anonymous true");
        broker = Mosquitto.start(folder.getRoot().toPath(), all.toArray(String[]::new));
        address = address.isEmpty() ? tcp(broker) : address;
        clients.connect(config(address, "hearing", new MqttSubscription("#", 2)), hearing);
        assertThat(hearing.nextState()).isEqualTo("connected");
        MqttClient client = clients.connect(config(address, "a"), recorder);
        assertThat(recorder.nextState()).isEqualTo("connected");
        return client;
    }

    private static void done(MqttClient client, MqttMessage message) throws Exception {
        client.publish(message).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void refused(MqttClient client, MqttMessage message, String why, boolean lasting) {
        assertThatThrownBy(() -> done(client, message))
                .as("QoS %s", message.qos())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        MqttRefusedException.class,
                        refusal -> assertThat(refusal.lasting()).isEqualTo(lasting))
                .hasMessageContaining(why);
    }

    @Test
    public void aMessageThatIsTooLongIsRefusedForGoodAndOthersGoOn() throws Exception {
        MqttClient client = connected("max_packet_size 1000");

        tooLong(client, 1000, 0);
    }

    @Test
    public void aMessageThatTheBrokerFindsTooLongOnlyWhenItHasItIsRefusedForGoodAndOthersGoOn() throws Exception {
        tooLong(connected("message_size_limit 1000"), 1001, 1);
    }

    @Test
    public void overWebSocketToo() throws Exception {
        int port = Mosquitto.freePort();
        address = "ws://127.0.0.1:" + port;
        tooLong(
                connected("message_size_limit 1000", "listener " + port + " 127.0.0.1", "protocol websockets"),
                1001,
                1);
    }

    private void tooLong(MqttClient client, int length, int lowest) throws Exception {
        for (int qos = lowest; qos <= 2; qos++) {
            refused(client, message("t", "x".repeat(length), qos), "longer", true);
            done(client, message("t", "after it " + qos, qos));
            Delivery delivery = hearing.next();
            assertThat(Recorder.text(delivery)).isEqualTo("after it " + qos);
            delivery.acknowledge();
        }
        assertThat(recorder.states).as("the connection lasts").isEmpty();
    }

    @Test
    public void aMessageThatFitsToTheByteGoesOut() throws Exception {
        MqttClient client = connected("max_packet_size 1000");

        int head = 1 + 2 + 2 + 1 + 1; // kind, length, topic t, no properties
        done(client, message("t", "x".repeat(1000 - head), 0));
        assertThat(hearing.nextText()).hasSize(1000 - head);
        refused(client, message("t", "x".repeat(1000 - head + 1), 0), "longer", true);
    }

    @Test
    public void aForbiddenTopicIsRefusedForNow() throws Exception {
        Path rights = folder.newFile("rights").toPath();
        Files.writeString(rights, "topic read #\ntopic write open/#\n");
        MqttClient client = connected("acl_file " + rights);

        for (int qos = 1; qos <= 2; qos++) {
            refused(client, message("closed", "x", qos), "not authorised", false);
            done(client, message("open/1", "after it", qos));
            Delivery delivery = hearing.next();
            assertThat(Recorder.text(delivery)).isEqualTo("after it");
            delivery.acknowledge();
        }
        assertThat(recorder.states).as("the connection lasts").isEmpty();
    }

    @Test
    public void noMoreAreOnTheirWayThanTheBrokerTakes() throws Exception {
        MqttClient client = connected("max_inflight_messages 3");

        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sent.add(client.publish(message("t", "" + i, 1 + i % 2)).toCompletableFuture());
        }
        Set<String> heard = new HashSet<>();
        for (CompletableFuture<Void> each : sent) {
            each.get(20, TimeUnit.SECONDS);
            Delivery delivery = hearing.next();
            heard.add(Recorder.text(delivery));
            delivery.acknowledge();
        }
        assertThat(heard).hasSize(300);
        assertThat(recorder.states).as("the connection lasts").isEmpty();
    }

    @Test
    public void aBrokerWithoutQos2AndWithoutRetainedMessagesGetsWhatItTakes() throws Exception {
        MqttClient client = connected("max_qos 1", "retain_available false");

        done(client, new MqttMessage("t", "x".getBytes(UTF_8), 2, true));

        Delivery delivery = hearing.next();
        assertThat(delivery.message().qos()).isEqualTo(1);
        assertThat(recorder.states).as("the connection lasts").isEmpty();
        assertThat(clients.logged()).anyMatch(line -> line.contains("no QoS above 1, no retained messages"));
    }

    @Test
    public void whoIsNotLetInIsToldWhy() throws Exception {
        broker = Mosquitto.start(folder.getRoot().toPath(), "allow_anonymous false");

        clients.connect(login(tcp(broker), "a", "nobody", "wrong", false), recorder);

        assertThat(recorder.failures.poll(20, TimeUnit.SECONDS)).isEqualTo("not authorised");
    }
}
