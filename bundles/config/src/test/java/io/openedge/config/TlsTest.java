package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Two sides that really shake hands. */
public class TlsTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root;

    @Before
    public void certificates() throws Exception {
        root = folder.getRoot().toPath();
        Openssl openssl = new Openssl(root);
        openssl.authority("ca");
        openssl.authority("other");
        openssl.signed("server", "ca");
        openssl.signed("client", "ca");
    }

    private Tls tls(String ca, String cert, String key) throws ConfigException {
        return Tls.of(root, ca, cert, key);
    }

    @Test
    public void aCertificateIsKnownByItsFingerprint() throws Exception {
        new Openssl(root).run("x509 -in server.pem -noout -fingerprint -sha256");
        String said = Files.readString(root.resolve("openssl.log"));

        assertThat(tls("", "server.pem", "server.key").fingerprint())
                .contains(said.strip().replaceFirst(".*=", "").replace(":", "").toLowerCase(Locale.ROOT));
        assertThat(tls("ca.pem", "", "").fingerprint()).isEmpty();
    }

    private static SSLContext context(Tls tls, TrustManagerFactory trust) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys =
                tls.keyManagers().map(factory -> factory.getKeyManagers()).orElse(null);
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    /** The name in the client's certificate, as the server sees it. */
    private static String shakeHands(Tls server, Tls client) throws Exception {
        SSLContext serving = context(server, server.clientTrust().orElseThrow());
        try (SSLServerSocket listener =
                (SSLServerSocket) serving.getServerSocketFactory().createServerSocket(0)) {
            listener.setWantClientAuth(true);
            listener.setSoTimeout(10_000);
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> accept(listener));
            SSLContext connecting = context(client, client.serverTrust());
            try (SSLSocket socket =
                    (SSLSocket) connecting.getSocketFactory().createSocket("127.0.0.1", listener.getLocalPort())) {
                socket.setSoTimeout(10_000);
                socket.startHandshake();
                socket.getInputStream().read();
            }
            return seen.get(10, TimeUnit.SECONDS);
        }
    }

    private static String accept(SSLServerSocket listener) {
        try (SSLSocket socket = (SSLSocket) listener.accept()) {
            socket.startHandshake();
            String peer = socket.getSession().getPeerPrincipal().getName();
            socket.getOutputStream().write(1);
            return peer;
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    public void aServerWithAnOldKeyAndAClientWithACertificateMeet() throws Exception {
        Tls server = tls("ca.pem", "server.pem", "server.key");

        assertThat(shakeHands(server, tls("ca.pem", "client.pem", "client.key")))
                .isEqualTo("CN=localhost");
    }

    @Test
    public void aServerOfAnUnknownAuthorityIsRefused() throws Exception {
        Tls server = tls("ca.pem", "server.pem", "server.key");

        assertThatThrownBy(() -> shakeHands(server, tls("other.pem", "", ""))).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> shakeHands(server, tls("", "", ""))).isInstanceOf(SSLException.class);
    }

    @Test
    public void theAuthorityAddsToTheSystems() throws Exception {
        int system = issuers(tls("", "", "").serverTrust());

        assertThat(issuers(tls("ca.pem", "", "").serverTrust())).isEqualTo(system + 1);
        assertThat(issuers(tls("ca.pem", "", "").clientTrust().orElseThrow())).isEqualTo(1);
        assertThat(tls("", "", "").clientTrust()).isEmpty();
        assertThat(tls("", "", "").keyManagers()).isEmpty();
    }

    private static int issuers(TrustManagerFactory factory) {
        TrustManager manager = factory.getTrustManagers()[0];
        return ((X509TrustManager) manager).getAcceptedIssuers().length;
    }

    @Test
    public void certificatesThatDoNotBelongToTheChainAreLeftOut() throws Exception {
        Files.writeString(
                root.resolve("server.pem"), Files.readString(root.resolve("other.pem")), StandardOpenOption.APPEND);
        Files.writeString(
                root.resolve("server.pem"), Files.readString(root.resolve("ca.pem")), StandardOpenOption.APPEND);
        Tls server = tls("ca.pem", "server.pem", "server.key");

        assertThat(shakeHands(server, tls("ca.pem", "client.pem", "client.key")))
                .isEqualTo("CN=localhost");
    }

    @Test
    public void aKeyOfAnotherCertificateIsRefused() {
        assertThatThrownBy(() -> tls("", "server.pem", "client.key"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(root.resolve("client.key") + ": is not the key of the certificate in ");
        assertThatThrownBy(() -> tls("", "server.pem", "")).hasMessageEndingWith("allowed: both or none");
    }
}
