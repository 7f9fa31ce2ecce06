package io.openedge.mqtt.client;

import static io.openedge.mqtt.client.Clients.login;
import static io.openedge.mqtt.client.Clients.message;
import static io.openedge.mqtt.client.Clients.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.app.ConfigException;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttSubscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A broker that says no. */
public class RefusalTest {
    private static final MqttSubscription ALLOWED = new MqttSubscription("open/#", 1);
    private static final MqttSubscription FORBIDDEN = new MqttSubscription("closed/#", 1);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Clients clients = new Clients();

    private final Recorder recorder = new Recorder();
    private Mosquitto broker;

    @Before
    public void startBroker() throws Exception {
        Path files = folder.getRoot().toPath();
        Process process = new ProcessBuilder("mosquitto_passwd", "-b", "-c", "passwords", "test", "hahaha")
                .directory(files.toFile())
                .start();
        assertThat(process.waitFor()).isZero();
        permit("pattern readwrite open/#");
        broker = Mosquitto.start(
                files,
                "allow_anonymous false",
                "password_file " + files.resolve("passwords"),
                "acl_file " + files.resolve("rights"));
    }

    private void permit(String... lines) throws Exception {
        Files.write(folder.getRoot().toPath().resolve("rights"), List.of(lines));
    }

    @After
    public void stopBroker() {
        broker.close();
    }

    @Test
    public void theRightPasswordGetsIn() throws Exception {
        MqttClient client = clients.connect(login(tcp(broker), "a", "test", "hahaha", false, ALLOWED), recorder);

        assertThat(recorder.nextState()).isEqualTo("connected");
        client.publish(message("open/t", "hello", 1));
        assertThat(recorder.nextText()).isEqualTo("hello");
    }

    @Test
    public void aWrongPasswordIsSaidOnceInPlainWordsAndTriedAgain() throws Exception {
        clients.connect(login(tcp(broker), "a", "test", "wrong", false), recorder);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                Files.readString(folder.getRoot().toPath().resolve("mosquitto.log")))
                        .containsPattern("(?s)(not authorised.*){3}"));
        assertThat(clients.logged()).hasSize(1).allMatch(line -> line.contains("not authorised"));
        assertThat(recorder.states).isEmpty();
    }

    @Test
    public void anUnknownHostIsSaid() throws Exception {
        clients.connect(login("tcp://nowhere.invalid:1883", "a", "", "", false), recorder);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> clients.logged().stream().anyMatch(line -> line.contains("unknown host nowhere.invalid")));
    }

    @Test
    public void wrongAddressesAndFiltersStopTheStart() {
        for (String address : List.of("tcp://:1883", "tcp://host:70000", "tcp://host:x", "ssl://a:b:c")) {
            assertThatThrownBy(() -> clients.connect(login(address, "a", "", "", false), recorder))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(address);
        }
        assertThatThrownBy(() -> clients.connect(
                        login(tcp(broker), "a", "", "", false, new MqttSubscription("a/#/b", 0)), recorder))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a/#/b");
    }

    @Test
    public void aRefusedSubscriptionIsWarnedOfOrDropsTheConnection() throws Exception {
        try (RefusingBroker refusing = new RefusingBroker()) {
            String address = "tcp://127.0.0.1:" + refusing.port();
            clients.connect(login(address, "lenient", "", "", false, ALLOWED, FORBIDDEN), recorder);
            assertThat(recorder.nextState()).isEqualTo("connected");
            assertThat(clients.logged()).anyMatch(line -> line.contains("refuses to subscribe to closed/#"));

            clients.connect(login(address, "strict", "", "", true, ALLOWED, FORBIDDEN), recorder);
            await().atMost(Duration.ofSeconds(20)).until(() -> refusing.connections() >= 4);
            assertThat(recorder.states).isEmpty();
            refusing.allowAll();
            assertThat(recorder.nextState()).isEqualTo("connected");
        }
    }
}
