package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.config.Openssl;
import io.openedge.hub.Packets.Connect;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLSocket;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.slf4j.LoggerFactory;

/** The ssl listener: one hub, with a plain listener beside it. */
public class TlsTest {
    private static final int SSL = 0;
    private static final int PLAIN = 1;

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static Openssl openssl;

    @Rule
    public final HubFixture hub = new HubFixture(
            HubFixture.config(
                    List.of("ssl://127.0.0.1:0", "tcp://127.0.0.1:0"),
                    new HubConfig.Certificate("ca.pem", "server.pem", "server.key", "")),
            HubFixture.limits(Duration.ofSeconds(2), 1000, 1000, 10, 1000),
            openssl.folder());

    private final Logger log = (Logger) LoggerFactory.getLogger("hub-test");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeClass
    public static void certificates() throws Exception {
        openssl = new Openssl(FOLDER.getRoot().toPath())
                .authority("ca")
                .authority("foreign")
                .signed("one", "ca", "/CN=localhost")
                .signed("two", "ca", "/CN=localhost")
                .signed("device", "ca", "/CN=device")
                .signed("alien", "foreign", "/CN=cert");
        install("one", "one");
    }

    private static void install(String certificate, String key) throws IOException {
        put(key + ".key", "server.key");
        put(certificate + ".pem", "server.pem");
    }

    private static void put(String from, String to) throws IOException {
        Path folder = openssl.folder();
        Path fresh = folder.resolve(to + ".new");
        Files.copy(folder.resolve(from), fresh, StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Before
    public void listen() {
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
    }

    @After
    public void forget() throws IOException {
        log.detachAppender(lines);
        install("one", "one");
    }

    private RawClient tls(String certificate, String protocol) throws Exception {
        return hub.keep(new RawClient(TlsSockets.connect(openssl.folder(), hub.address(SSL), certificate, protocol)));
    }

    private List<String> said() {
        return List.copyOf(lines.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    public void tls_1_2_and_1_3_are_served_with_a_key_in_pkcs_1() throws Exception {
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            RawClient client = tls("", protocol);
            client.connect(new Connect("c"));
            client.subscribe(1, "t");
            client.publish("t", protocol);
            assertThat(client.message().payload()).isEqualTo(protocol);
            client.send(Packets.DISCONNECT);
            client.expectClosed();
        }
    }

    @Test
    public void long_and_many_messages_pass_between_ssl_and_tcp() throws Exception {
        RawClient subscriber = tls("", "TLSv1.3");
        subscriber.connect(new Connect("s"));
        subscriber.subscribe(0, "t");
        RawClient publisher = hub.keep(new RawClient(hub.address(PLAIN)));
        publisher.connect(new Connect("p"));
        for (int i = 0; i < 200; i++) {
            publisher.publish("t", "x".repeat(i * 300) + i);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(subscriber.message().payload()).isEqualTo("x".repeat(i * 300) + i);
        }
    }

    @Test
    public void a_plain_client_is_closed_and_its_password_is_not_in_the_log() throws Exception {
        byte[] connect = new Connect("c").user("test", "hahaha-secret").bytes();
        RawClient client = hub.keep(new RawClient(hub.address(SSL)));
        client.send(connect);
        client.expectClosed();
        await().until(() -> said().stream().anyMatch(line -> line.contains("does not speak TLS")));
        StringBuilder hex = new StringBuilder();
        for (byte b : "secret".getBytes(StandardCharsets.UTF_8)) {
            hex.append(String.format(Locale.ROOT, "%02x", b));
        }
        assertThat(said()).noneMatch(line -> line.contains("secret") || line.contains(hex));
    }

    @Test
    public void a_client_with_tls_on_the_plain_port_is_closed() throws Exception {
        assertThatThrownBy(() -> TlsSockets.connect(openssl.folder(), hub.address(PLAIN), "", "TLSv1.3"))
                .isInstanceOf(IOException.class);
        assertThat(said()).anyMatch(line -> line.contains("first packet is no CONNECT"));
    }

    @Test
    public void half_a_handshake_and_a_handshake_without_connect_are_closed_in_time() throws Exception {
        RawClient silent = hub.keep(new RawClient(hub.address(SSL)));
        RawClient half = hub.keep(new RawClient(hub.address(SSL)));
        half.send(new byte[] {0x16, 3, 1, 1, 0, 1, 0, 0, (byte) 0xfc, 3, 3});
        RawClient whole = tls("", "TLSv1.3");
        long start = System.nanoTime();
        silent.readToEnd();
        half.readToEnd();
        whole.expectClosed();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(said().stream().filter(line -> line.contains("did not log in in time")))
                .hasSize(3);
    }

    @Test
    public void a_certificate_of_another_authority_ends_the_handshake() {
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            assertThatThrownBy(() -> {
                        RawClient client = tls("alien", protocol);
                        client.connect(new Connect("c").user("cert", ""));
                    })
                    .isInstanceOf(IOException.class);
        }
        await().until(() -> said().stream().anyMatch(line -> line.contains("TLS: ")));
    }

    @Test
    public void new_connections_get_new_certificates_and_old_ones_go_on() throws Exception {
        RawClient before = tls("", "TLSv1.3");
        before.connect(new Connect("before"));
        assertThat(serial()).isEqualTo(serialOf("one"));

        install("two", "two");

        await().atMost(Duration.ofSeconds(20)).until(() -> serial().equals(serialOf("two")));
        before.expectNothing();
    }

    @Test
    public void broken_new_files_keep_the_old_ones_and_are_said_once() throws Exception {
        Files.writeString(openssl.folder().resolve("server.pem"), "no certificate");

        await().atMost(Duration.ofSeconds(20)).until(() -> errors() > 0);

        assertThat(serial()).isEqualTo(serialOf("one"));
        install("two", "two");
        await().atMost(Duration.ofSeconds(20)).until(() -> serial().equals(serialOf("two")));
        assertThat(errors()).isEqualTo(1);
        assertThat(said()).anyMatch(line -> line.contains("server.pem: holds no certificate"));
    }

    @Test
    public void a_withdrawn_authority_lets_nobody_in_any_more() throws Exception {
        tls("device", "TLSv1.3").connect(new Connect("c").user("cert", ""));
        Files.copy(openssl.folder().resolve("ca.pem"), openssl.folder().resolve("ca.kept"));
        try {
            put("foreign.pem", "ca.pem");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> said().stream().anyMatch(line -> line.contains("new connections get the new ones")));
            put("ca.kept", "ca.pem"); // for the client; the hub takes it a second later at the earliest
            assertThatThrownBy(() -> tls("device", "TLSv1.2")).isInstanceOf(IOException.class);
        } finally {
            put("ca.kept", "ca.pem");
        }
    }

    private long errors() {
        return List.copyOf(lines.list).stream()
                .filter(line -> line.getLevel() == Level.ERROR)
                .count();
    }

    private BigInteger serial() throws Exception {
        try (SSLSocket socket = TlsSockets.connect(openssl.folder(), hub.address(SSL), "", "TLSv1.3")) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private static BigInteger serialOf(String name) throws Exception {
        return io.openedge.config.Pem.certificates(openssl.folder().resolve(name + ".pem"))
                .get(0)
                .getSerialNumber();
    }

    @Test
    public void mosquitto_clients_talk_through_it_by_certificate() throws Exception {
        String port = String.valueOf(hub.address(SSL).getPort());
        Path out = FOLDER.newFile().toPath();
        Process sub = mosquitto(out, "mosquitto_sub", port, "-i", "sub", "-C", "1", "-W", "20", "-v");
        try {
            // The subscription is there once a retained message, whenever it comes, arrives.
            assertThat(mosquitto(FOLDER.newFile().toPath(), "mosquitto_pub", port, "-r", "-m", "hello")
                            .waitFor())
                    .isZero();
            assertThat(sub.waitFor()).isZero();
            assertThat(Files.readString(out)).isEqualTo("tls/x hello\n");
        } finally {
            sub.destroyForcibly();
        }
    }

    private static Process mosquitto(Path out, String program, String port, String... options) throws IOException {
        List<String> line = new java.util.ArrayList<>(List.of(
                program, "-h", "localhost", "-p", port, "-u", "cert", "-q", "1", "-t", "tls/x", "--cafile", "ca.pem"));
        line.addAll(List.of("--cert", "device.pem", "--key", "device.key"));
        line.addAll(Arrays.asList(options));
        return new ProcessBuilder(line)
                .directory(openssl.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }
}
