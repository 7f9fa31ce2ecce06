package io.openedge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.config.Openssl;
import io.openedge.config.ShownKey;
import io.openedge.config.Tls;
import io.openedge.rest.client.Credentials;
import io.openedge.rest.client.GatewayClient;
import io.openedge.rest.client.ServerAddress;
import io.openedge.system.ServerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The API on a TCP address behind TLS, with keys and certificates as operators make them. */
public class TlsTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    private Path root;
    private FakeGateways gateways;
    private RestServer server;

    @Before
    public void certificates() throws Exception {
        root = folder.getRoot().toPath();
        Openssl openssl = new Openssl(root);
        openssl.authority("ca");
        openssl.signed("server", "ca");
        openssl.signed("client", "ca");
        openssl.authority("stranger");
    }

    @After
    public void end() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    public void aClientThatTrustsTheAuthorityIsServed() throws Exception {
        serve("", "server.pem", "server.key");
        try (GatewayClient hub = client(Tls.of(root, "ca.pem", "", ""))) {
            assertThat(hub.availablePort().get(10, TimeUnit.SECONDS)).isEqualTo(50123);
        }
        assertThat(gateways.unserviceable).isEmpty();
    }

    @Test
    public void aClientThatKnowsTheCertificateNeedsNoAuthorityAndNoName() throws Exception {
        serve("", "server.pem", "server.key");
        String right =
                Tls.of(root, "", "server.pem", "server.key").fingerprint().orElseThrow();
        String wrong =
                Tls.of(root, "", "client.pem", "client.key").fingerprint().orElseThrow();
        ServerAddress numbered = new ServerAddress.Https("127.0.0.1", ((ServerAddress.Https) address()).port());
        Credentials own = new Credentials("hub", "t0ken");
        try (GatewayClient hub = new GatewayClient(numbered, own, right)) {
            assertThat(hub.availablePort().get(10, TimeUnit.SECONDS)).isEqualTo(50123);
        }
        try (GatewayClient hub = new GatewayClient(numbered, own, wrong)) {
            assertThatThrownBy(() -> hub.availablePort().get(10, TimeUnit.SECONDS))
                    .hasMessageContaining(numbered.toString());
        }
    }

    @Test
    public void aClientThatDoesNotTrustTheAuthorityRefusesTheServer() throws Exception {
        serve("", "server.pem", "server.key");
        try (GatewayClient hub = client(Tls.of(root, "stranger.pem", "", ""))) {
            assertThatThrownBy(() -> hub.availablePort().get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("https://localhost");
        }
        try (GatewayClient hub = new GatewayClient(address(), new Credentials("hub", "t0ken"))) {
            assertThatThrownBy(() -> hub.availablePort().get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("https://localhost");
        }
    }

    @Test
    public void theServersNameIsComparedWithItsCertificate() throws Exception {
        serve("", "server.pem", "server.key");
        ServerAddress other = new ServerAddress.Https("127.0.0.1", port());
        try (GatewayClient hub =
                new GatewayClient(other, new Credentials("hub", "t0ken"), Tls.of(root, "ca.pem", "", ""))) {
            assertThatThrownBy(() -> hub.availablePort().get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    public void aClientCertificateIsVerifiedWhenItIsGiven() throws Exception {
        serve("ca.pem", "server.pem", "server.key");
        try (GatewayClient none = client(Tls.of(root, "ca.pem", "", ""));
                GatewayClient good = client(Tls.of(root, "ca.pem", "client.pem", "client.key"));
                GatewayClient bad = client(Tls.of(root, "ca.pem", "stranger.pem", "stranger.key"))) {
            assertThat(none.availablePort().get(10, TimeUnit.SECONDS)).isEqualTo(50123);
            assertThat(good.availablePort().get(10, TimeUnit.SECONDS)).isEqualTo(50123);
            // Not one of the authorities that the server names: the client's platform may keep it back.
            bad.availablePort()
                    .handle((port, refused) -> refused == null || refused.getMessage() != null)
                    .get(10, TimeUnit.SECONDS);
        }
        assertThatThrownBy(() -> handshake("TLSv1.3", forced("stranger"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> handshake("TLSv1.2", forced("stranger"))).isInstanceOf(IOException.class);
        assertThat(handshake("TLSv1.2", forced("client"))).startsWith("HTTP/1.1 200");
    }

    @Test
    public void onlyTls12And13AreSpoken() throws Exception {
        serve("", "server.pem", "server.key");
        assertThat(handshake("TLSv1.3", blind())).startsWith("HTTP/1.1 200");
        assertThat(handshake("TLSv1.2", blind())).startsWith("HTTP/1.1 200");
        assertThatThrownBy(() -> handshake("TLSv1.1", blind())).isInstanceOf(SSLException.class);
    }

    @Test
    public void whoSpeaksInClearGetsNothing() throws Exception {
        serve("", "server.pem", "server.key");
        try (RawHttp clear = new RawHttp(server.address())) {
            clear.send(RawHttp.request("GET", "/v1/ports/available", ""));
            clear.awaitEnd();
        }
        try (GatewayClient hub = client(Tls.of(root, "ca.pem", "", ""))) {
            assertThat(hub.availablePort().get(10, TimeUnit.SECONDS)).isEqualTo(50123);
        }
    }

    @Test
    public void aRefusalArrivesWholeBehindTlsToo() throws Exception {
        serve("", "server.pem", "server.key");
        try (GatewayClient nobody =
                new GatewayClient(address(), new Credentials("hub", "wrong"), Tls.of(root, "ca.pem", "", ""))) {
            assertThatThrownBy(() -> nobody.availablePort().get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("account unauthorized");
        }
    }

    @Test
    public void wrongFilesEndTheGatewayWithTheReason() throws Exception {
        Files.writeString(root.resolve("nonsense.pem"), "nonsense");
        assertUnserviceable("", "none.pem", "server.key", "none.pem: there is no such file");
        assertUnserviceable("", "nonsense.pem", "server.key", "nonsense.pem: holds no certificate");
        assertUnserviceable("", "server.pem", "nonsense.pem", "nonsense.pem: holds no private key");
        assertUnserviceable("", "server.pem", "client.key", "is not the key of the certificate");
        assertUnserviceable("", "server.pem", "", "one is missing");
        assertUnserviceable("ca.pem", "", "", "cert and key are missing");
        assertUnserviceable("nonsense.pem", "server.pem", "server.key", "nonsense.pem: holds no certificate");
    }

    @Test
    public void aUnixSocketHasNoTls() {
        gateways = new FakeGateways(settings("unix://" + root.resolve("api.sock"), "", "server.pem", "server.key"));
        new RestServer(gateways).close();
        assertThat(gateways.unserviceable).singleElement().asString().contains("for a tcp address alone");
        assertThat(root.resolve("o.sock")).doesNotExist();
    }

    private void assertUnserviceable(String ca, String cert, String key, String reason) {
        serve(ca, cert, key);
        server.close();
        assertThat(gateways.unserviceable).singleElement().asString().contains("tcp://127.0.0.1:0: ", reason);
        assertThat(root.resolve("o.sock")).doesNotExist();
    }

    private void serve(String ca, String cert, String key) {
        gateways = new FakeGateways(settings("tcp://127.0.0.1:0", ca, cert, key));
        server = new RestServer(gateways);
    }

    private ServerSettings settings(String address, String ca, String cert, String key) {
        return new ServerSettings(
                address, Duration.ofMinutes(5), path(ca), path(cert), path(key), root.resolve("o.sock"));
    }

    private String path(String file) {
        return file.isEmpty() ? "" : root.resolve(file).toString();
    }

    private GatewayClient client(Tls tls) {
        return new GatewayClient(address(), new Credentials("hub", "t0ken"), tls);
    }

    private ServerAddress address() {
        return new ServerAddress.Https("localhost", port());
    }

    private int port() {
        return ((InetSocketAddress) server.address()).getPort();
    }

    private String handshake(String protocol, SSLContext context) throws Exception {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port())) {
            socket.setSoTimeout(10_000);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.getOutputStream()
                    .write(RawHttp.request("GET", "/v1/ports/available", "").getBytes(StandardCharsets.UTF_8));
            byte[] answer = new byte[15];
            int count = socket.getInputStream().readNBytes(answer, 0, answer.length);
            if (count < answer.length) {
                throw new IOException("no answer");
            }
            return new String(answer, StandardCharsets.UTF_8);
        }
    }

    private static SSLContext blind() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Blind()}, null);
        return context;
    }

    /** Shows that certificate whatever the server asks for. */
    private SSLContext forced(String name) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new KeyManager[] {new ShownKey(Tls.of(root, "", name + ".pem", name + ".key"))},
                new TrustManager[] {new Blind()},
                null);
        return context;
    }

    private static final class Blind implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
