package io.openedge.function.grpc;

import static io.openedge.function.grpc.Calls.assertFails;
import static io.openedge.function.grpc.Calls.message;
import static io.openedge.function.grpc.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.config.Openssl;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport.Server;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Who shows which certificate to whom. */
public class EncryptedTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final GrpcTransport transport = new GrpcTransport();

    @Before
    public void makeCertificates() throws Exception {
        new Openssl(folder.getRoot().toPath())
                .authority("ca")
                .signed("server", "ca")
                .signed("client", "ca", "/CN=client", "DNS:client");
    }

    @After
    public void stop() throws Exception {
        transport.close();
    }

    private String file(String name) {
        return name.isEmpty() ? "" : folder.getRoot().toPath().resolve(name).toString();
    }

    private Server serve(String authority) throws FunctionException {
        return transport.serve(
                new FunctionServerConfig(
                        "127.0.0.1:0", null, null, null, file(authority), file("server.pem"), file("server.key")),
                CompletableFuture::completedFuture);
    }

    private FunctionConnection connect(Server server, String name, String ca, String cert) throws FunctionException {
        return transport.connect(new FunctionClientConfig(
                server.address(),
                name,
                file(ca),
                cert.isEmpty() ? "" : file(cert + ".pem"),
                cert.isEmpty() ? "" : file(cert + ".key"),
                1000,
                Duration.ZERO));
    }

    @Test
    public void theServersCertificateIsEnoughWhenClientsNeedNone() throws Exception {
        FunctionConnection functions = connect(serve(""), "localhost", "ca.pem", "");

        functions.ready().toCompletableFuture().get();
        assertThat(text(functions.call(message("f", "hi")))).isEqualTo("hi");
    }

    @Test
    public void aCertificateOfAnotherNameOrOfNobodyWeTrustIsRefused() throws Exception {
        Server server = serve("");

        assertFails(connect(server, "other", "ca.pem", "").call(message("f", "")), Kind.NOT_DELIVERED, "other");
        assertFails(connect(server, "other", "ca.pem", "").ready(), Kind.UNAVAILABLE, "other");
        assertFails(connect(server, "localhost", "client.pem", "").ready(), Kind.UNAVAILABLE, "");
    }

    @Test
    public void aServerThatTrustsAuthoritiesWantsACertificateOfTheirs() throws Exception {
        Server server = serve("ca.pem");

        assertThat(text(connect(server, "localhost", "ca.pem", "client").call(message("f", "hi"))))
                .isEqualTo("hi");
        assertFails(connect(server, "localhost", "ca.pem", "").ready(), Kind.UNAVAILABLE, "");
    }

    @Test
    public void nobodyTalksInClearToAServerThatEncrypts() throws Exception {
        FunctionConnection functions =
                transport.connect(FunctionClientConfig.of(serve("").address()));

        assertThatThrownBy(() -> text(functions.call(message("f", "secret"))))
                .hasCauseInstanceOf(FunctionException.class);
    }

    @Test
    public void aFileThatCannotBeUsedIsNamed() {
        assertThatThrownBy(() -> transport.serve(
                        new FunctionServerConfig(
                                "127.0.0.1:0", null, null, null, "", file("none.pem"), file("server.key")),
                        CompletableFuture::completedFuture))
                .isInstanceOf(FunctionException.class)
                .hasMessageContaining(file("none.pem"));
        assertThatThrownBy(() -> transport.connect(
                        new FunctionClientConfig("127.0.0.1:1", "", file("server.key"), "", "", 1000, Duration.ZERO)))
                .isInstanceOf(FunctionException.class)
                .hasMessageContaining(file("server.key"));
    }
}
