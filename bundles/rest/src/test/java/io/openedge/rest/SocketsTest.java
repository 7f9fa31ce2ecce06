package io.openedge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.system.ServerSettings;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Addresses: who may open them, what stands in the way, what is left. */
public class SocketsTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    private Path services;
    private Path operator;

    @Before
    public void paths() {
        services = folder.getRoot().toPath().resolve("api.sock");
        operator = folder.getRoot().toPath().resolve("operator.sock");
    }

    @Test
    public void servicesAllMayOpenTheirSocketAndOnlyTheOwnerTheOperators() throws Exception {
        RestServer server = new RestServer(gateways("unix://" + services));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(services)))
                .isEqualTo("rw-rw-rw-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(operator)))
                .isEqualTo("rw-------");
        server.close();
    }

    @Test
    public void nothingIsLeftAfterwards() throws Exception {
        RestServer server = new RestServer(gateways("unix://" + services));
        RawHttp client = new RawHttp(server.address());
        // A connection that nobody has accepted yet is reset, one in use ends.
        assertThat(client.send(RawHttp.request("GET", "/v1/system/inspect", "")).answer())
                .startsWith("200");
        server.close();
        client.awaitEnd();
        client.close();
        assertThat(folder.getRoot()).isEmptyDirectory();
        await().atMost(Duration.ofSeconds(10)).until(() -> threads().stream().noneMatch(n -> n.startsWith("rest-")));
    }

    @Test
    public void theSocketOfADeadProcessIsReplaced() throws Exception {
        leaveSocket(services).close();
        leaveSocket(operator).close();
        FakeGateways gateways = gateways("unix://" + services);
        RestServer server = new RestServer(gateways);
        assertThat(gateways.unserviceable).isEmpty();
        new RawHttp(server.address()).close();
        server.close();
    }

    @Test
    public void theSocketOfALiveProcessIsLeftAlone() throws Exception {
        try (ServerSocketChannel other = leaveSocket(services)) {
            FakeGateways gateways = gateways("unix://" + services);
            RestServer server = new RestServer(gateways);
            assertThat(gateways.unserviceable).containsExactly("unix://" + services + ": another process serves there");
            assertThat(operator).doesNotExist();
            server.close();
            new RawHttp(other.getLocalAddress()).close();
        }
    }

    @Test
    public void aFileThatIsNoSocketIsLeftAlone() throws Exception {
        Files.writeString(services, "mine");
        FakeGateways gateways = gateways("unix://" + services);
        new RestServer(gateways).close();
        assertThat(gateways.unserviceable).singleElement().asString().contains("which is no socket");
        assertThat(services).hasContent("mine");
    }

    @Test
    public void aPortThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String address = "tcp://127.0.0.1:" + taken.getLocalPort();
            FakeGateways gateways = gateways(address);
            new RestServer(gateways).close();
            assertThat(gateways.unserviceable).singleElement().asString().contains(address, "in use");
        }
    }

    @Test
    public void aHostThatIsNotKnownIsNamed() {
        FakeGateways gateways = gateways("tcp://no.such.host.invalid:1");
        new RestServer(gateways).close();
        assertThat(gateways.unserviceable).singleElement().asString().contains("no.such.host.invalid");
    }

    @Test
    public void aServerMayComeAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            FakeGateways gateways = gateways("unix://" + services);
            RestServer server = new RestServer(gateways);
            try (RawHttp client = new RawHttp(server.address())) {
                assertThat(client.send(RawHttp.request("GET", "/v1/ports/available", ""))
                                .answer())
                        .startsWith("200 ");
            }
            server.close();
        }
    }

    private FakeGateways gateways(String address) {
        return new FakeGateways(new ServerSettings(address, Duration.ofMinutes(5), "", "", "", operator));
    }

    private static ServerSocketChannel leaveSocket(Path path) throws Exception {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(path));
        return channel;
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }
}
