package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.config.Openssl;
import io.openedge.hub.transport.ListenAddress;
import io.openedge.module.ServiceLocator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.slf4j.LoggerFactory;

/** Start and stop. */
public class LifecycleTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Logger log = (Logger) LoggerFactory.getLogger("hub-lifecycle");
    private final HubConfig.Certificate certificate =
            new HubConfig.Certificate("", "cert/server.pem", "cert/server.key", "");
    private Path directory = Path.of("/no/such/service");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @Before
    public void listen() {
        lines.start();
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        log.addAppender(lines);
    }

    @After
    public void noThreadIsLeft() {
        log.detachAppender(lines);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("hub-life")));
    }

    private HubServer start(String... listen) throws IOException {
        return start((host, port) -> Optional.empty(), listen);
    }

    private HubServer start(ServiceLocator locator, String... listen) throws IOException {
        HubConfig config = HubFixture.config(List.of(listen), certificate);
        return HubServer.start(
                config,
                HubServer.broker(
                        config,
                        HubFixture.defaults(),
                        HubFixture.MEMORY,
                        "hub-life",
                        folder.getRoot().toPath(),
                        fault -> {},
                        log),
                "hub-life",
                directory,
                locator);
    }

    @Test
    public void a_port_that_is_taken_fails_the_start_with_listener_and_reason() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            String listener = "tcp://0.0.0.0:" + taken.getLocalPort();
            assertThatThrownBy(() -> start("tcp://127.0.0.1:0", listener))
                    .hasMessageContaining(listener)
                    .hasMessageEndingWith("cannot listen: Address already in use");
        }
    }

    @Test
    public void a_certificate_that_is_missing_is_named_with_its_listeners_and_the_others_serve() throws Exception {
        try (HubServer hub = start("ssl://127.0.0.1:0", "tcp://127.0.0.1:0", "wss://127.0.0.1:0/mqtt")) {
            assertThat(lines.list)
                    .filteredOn(line -> line.getLevel() == Level.ERROR)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .hasSize(2)
                    .allMatch(line -> line.contains("/no/such/service/cert/server.pem: there is no such file")
                            && line.contains("allowed: certificate: {cert, key}"))
                    .anyMatch(line -> line.contains("listener ssl://127.0.0.1:0"))
                    .anyMatch(line -> line.contains("listener wss://127.0.0.1:0/mqtt"));
            assertThat(hub.addresses()).hasSize(1);
            try (RawClient client = new RawClient(hub.addresses().get(0))) {
                client.connect(new Packets.Connect("c"));
                client.expectNothing();
            }
        }
    }

    @Test
    public void a_listener_that_was_left_out_comes_when_its_certificate_is_there() throws Exception {
        String ssl = "ssl://127.0.0.1:" + freePort();
        String wss = "wss://127.0.0.1:" + freePort() + "/mqtt";
        directory = folder.getRoot().toPath();
        Path cert = Files.createDirectories(directory.resolve("cert"));
        try (HubServer hub = start(ssl, "tcp://127.0.0.1:0", wss)) {
            assertThat(hub.addresses()).hasSize(1);
            Files.writeString(cert.resolve("server.pem"), "no certificate");
            said("it is not served yet");
            Openssl openssl = new Openssl(cert).authority("ca").signed("server", "ca", "/CN=localhost");
            said("listener " + ssl + ": serves at");
            said("listener " + wss + ": serves at");
            Socket socket = TlsSockets.connect(
                    openssl.folder(),
                    new InetSocketAddress(
                            "127.0.0.1", ListenAddress.parse(ssl).orElseThrow().port()),
                    "",
                    "TLSv1.3");
            try (RawClient client = new RawClient(socket)) {
                client.connect(new Packets.Connect("c"));
                client.expectNothing();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private void said(String text) {
        await().atMost(Duration.ofSeconds(15))
                .until(() -> List.copyOf(lines.list).stream()
                        .anyMatch(line -> line.getFormattedMessage().contains(text)));
    }

    @Test
    public void a_hub_that_serves_no_listener_does_not_start() {
        assertThatThrownBy(() -> start("ssl://127.0.0.1:0"))
                .hasMessageContaining("none can be served")
                .hasMessageContaining("ssl://127.0.0.1:0: /no/such/service/cert/server.pem");
        assertThatThrownBy(() -> start())
                .hasMessage("listen: is empty; allowed: at least one address, such as tcp://0.0.0.0:1883");
    }

    @Test
    public void a_host_that_is_a_service_means_that_service() throws IOException {
        ServiceLocator locator = (host, port) -> host.equals("localhub")
                ? Optional.of(new ServiceLocator.Location("127.0.0.1", port))
                : Optional.empty();
        try (HubServer hub = start(locator, "tcp://localhub:0")) {
            assertThat(hub.addresses().get(0).getAddress().getHostAddress()).isEqualTo("127.0.0.1");
        }
        assertThatThrownBy(() -> start("tcp://no.such.host.invalid:0"))
                .hasMessageContaining("tcp://no.such.host.invalid:0")
                .hasMessageContaining("unknown host");
    }

    @Test
    public void it_starts_and_stops_again_and_again_on_the_same_port() throws IOException {
        int port = 0;
        for (int i = 0; i < 3; i++) {
            HubServer hub = start("tcp://127.0.0.1:" + port);
            InetSocketAddress address = hub.addresses().get(0);
            port = address.getPort();
            RawClient client = new RawClient(address);
            client.connect(new Packets.Connect("c").persistent());
            client.subscribe(1, "#");
            hub.close();
            client.expectClosed();
            client.close();
            assertThatThrownBy(() -> new RawClient(address)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    public void refusals_say_why_and_keep_control_characters_out_of_the_log() throws Exception {
        try (HubServer hub = start("tcp://127.0.0.1:0");
                RawClient client = new RawClient(hub.addresses().get(0))) {
            client.connect(new Packets.Connect("c").user("few", "pass"));
            client.publish("x\ny", "");
            client.expectClosed();
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anyMatch(line -> line.contains("client c") && line.contains("few may not publish to x?y"));
        }
    }
}
