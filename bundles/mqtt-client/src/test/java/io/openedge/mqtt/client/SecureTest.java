package io.openedge.mqtt.client;

import static io.openedge.mqtt.client.Clients.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.app.ConfigException;
import io.openedge.config.Openssl;
import io.openedge.module.ServiceLocator.Location;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttSubscription;
import io.openedge.mqtt.MqttVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Connections over TLS, with certificates on both sides. */
public class SecureTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Clients clients = new Clients();

    private final Recorder recorder = new Recorder();
    private Mosquitto broker;

    @Before
    public void startBroker() throws Exception {
        Path files = folder.getRoot().toPath();
        new Openssl(files)
                .authority("ca")
                .signed("server", "ca", "/CN=server", "DNS:localhub")
                .signed("client", "ca", "/CN=client", "DNS:client");
        broker = Mosquitto.start(
                files,
                "cafile " + files.resolve("ca.pem"),
                "certfile " + files.resolve("server.pem"),
                "keyfile " + files.resolve("server.key"),
                "require_certificate true",
                "allow_anonymous true");
        clients.version = "auto";
        clients.directory = files;
        clients.locator = (host, port) ->
                host.equals("localhub") ? Optional.of(new Location("127.0.0.1", broker.port())) : Optional.empty();
    }

    @After
    public void stopBroker() {
        broker.close();
    }

    @Test
    public void bothSidesShowTheirCertificates() throws Exception {
        MqttClient client = clients.connect(config("ssl://localhub:8883", "ca.pem", "client", false), recorder);

        assertThat(recorder.nextState()).isEqualTo("connected");
        client.publish(message("t", "secret", 1));
        assertThat(recorder.nextText()).isEqualTo("secret");
        assertThat(client.version()).isEqualTo(MqttVersion.V5);
    }

    @Test
    public void aServerUnderAnotherNameIsNotTrusted() throws Exception {
        clients.connect(config("ssl://127.0.0.1:" + broker.port(), "ca.pem", "client", false), recorder);

        awaitLog("no TLS connection");
        assertThat(recorder.states).isEmpty();
    }

    @Test
    public void aServerOfAnUnknownAuthorityIsNotTrusted() throws Exception {
        clients.connect(config("mqtts://localhub", "", "client", false), recorder);

        awaitLog("no TLS connection");
        assertThat(recorder.states).isEmpty();
    }

    @Test
    public void insecureTrustsAnyServer() throws Exception {
        clients.connect(config("ssl://127.0.0.1:" + broker.port(), "", "client", true), recorder);

        assertThat(recorder.nextState()).isEqualTo("connected");
    }

    @Test
    public void aMissingFileIsSaidAtOnce() {
        assertThatThrownBy(() -> clients.connect(config("ssl://localhub", "no.pem", "client", false), recorder))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no.pem");
    }

    private void awaitLog(String text) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> clients.logged().stream().anyMatch(line -> line.contains(text)));
    }

    private static MqttClientConfig config(String address, String ca, String name, boolean insecure) {
        return new MqttClientConfig(
                address,
                null,
                "",
                "",
                ca,
                name + ".pem",
                name + ".key",
                insecure,
                "a",
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                true,
                false,
                10,
                List.of(new MqttSubscription("t", 1)));
    }
}
