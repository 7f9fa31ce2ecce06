package io.openedge.rest;

import static io.openedge.rest.RawHttp.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.rest.client.Credentials;
import io.openedge.rest.client.GatewayClient;
import io.openedge.rest.client.ServerAddress;
import io.openedge.system.ServerSettings;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Who is slow, who has too many connections, who does not read: what the others notice of it. */
public class LimitsTest {
    private static final String PORTS = request("GET", "/v1/ports/available", "");
    private static final String START = "/v1/services/f/instances/i/start";
    private static final String SERVED = "200 {\"port\":\"50123\"}";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    private final List<RawHttp> clients = new ArrayList<>();
    private FakeGateways gateways;
    private RestServer server;

    @Before
    public void serve() {
        serve(new Limits(Duration.ofMinutes(5), Duration.ofMillis(300), Duration.ofMillis(600), 64, 8));
    }

    @After
    public void end() throws Exception {
        for (RawHttp client : clients) {
            client.close();
        }
        server.close();
        assertThat(gateways.unserviceable).isEmpty();
    }

    @Test
    public void theRulesAreThoseOfTheContract() {
        assertThat(Limits.services(Duration.ofMinutes(5)))
                .isEqualTo(new Limits(Duration.ofMinutes(5), Duration.ofSeconds(5), Duration.ofSeconds(30), 64, 8));
    }

    @Test
    public void headersThatDoNotEndAreGivenUp() throws Exception {
        RawHttp client = client();
        client.send("GET /v1/ports/available HTTP/1.1\r\nHost: x\r\na: ");
        assertThat(client.answer()).isEqualTo("408 the headers of a request took longer than 0.3 s");
        client.awaitEnd();
    }

    @Test
    public void theSecondRequestOfAConnectionHasTheSameTime() throws Exception {
        RawHttp client = client();
        assertThat(client.send(PORTS).answer()).isEqualTo(SERVED);
        client.send("G");
        assertThat(client.answer()).startsWith("408 the headers");
    }

    @Test
    public void bodiesThatDoNotEndAreGivenUp() throws Exception {
        RawHttp client = client();
        client.send(request("PUT", START, "").replace("Length: 0", "Length: 10") + "{");
        assertThat(client.answer()).isEqualTo("408 a request took longer than 0.6 s");
        client.awaitEnd();
        assertThat(gateways.calls).isEmpty();
    }

    @Test
    public void theTimeOfAnEarlierRequestIsNotTheClients() throws Exception {
        gateways.start = new CompletableFuture<>();
        RawHttp client = client();
        client.send(request("PUT", START, "{}") + PORTS.substring(0, 20));
        CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS).execute(() -> gateways.start.complete("a:1"));
        assertThat(client.answer()).isEqualTo("200 {\"address\":\"a:1\"}");
        client.send(PORTS.substring(20));
        assertThat(client.answer()).isEqualTo(SERVED);
    }

    @Test
    public void halfARequestBehindAnotherIsGivenUpAfterwards() throws Exception {
        gateways.start = new CompletableFuture<>();
        RawHttp client = client();
        client.send(request("PUT", START, "{}") + PORTS.substring(0, 20));
        CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS).execute(() -> gateways.start.complete("a:1"));
        assertThat(client.answer()).isEqualTo("200 {\"address\":\"a:1\"}");
        client.send(PORTS.substring(20, 21));
        assertThat(client.answer()).startsWith("408 ");
    }

    @Test
    public void whoHasNoTokenSendsNoBody() throws Exception {
        RawHttp client = client();
        client.send("PUT " + START + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
        assertThat(client.answer()).isEqualTo("401 account unauthorized");
        client.awaitEnd();
    }

    @Test
    public void aServiceHasEightConnections() throws Exception {
        for (int i = 0; i < 8; i++) {
            assertThat(client().send(PORTS).answer()).isEqualTo(SERVED);
        }
        RawHttp ninth = client();
        assertThat(ninth.send(PORTS).answer())
                .isEqualTo("503 service 'hub' has 8 connections to the API already; try again when one is closed");
        ninth.awaitEnd();
        assertThat(client().send(of("s1")).answer()).as("another service").isEqualTo(SERVED);
        assertThat(clients.get(3).send(PORTS).answer()).as("those that it has").isEqualTo(SERVED);

        clients.get(0).close();
        RawHttp again = client();
        assertThat(again.send(of("s2")).answer()).isEqualTo(SERVED);
        assertThat(again.send(PORTS).answer())
                .as("in place of the one that is gone")
                .isEqualTo(SERVED);
    }

    @Test
    public void theApiHasSixtyFourConnectionsAndTheOperatorHasHisOwn() throws Exception {
        for (int service = 0; service < 8; service++) {
            for (int i = 0; i < 8; i++) {
                assertThat(client().send(of("s" + service)).answer()).isEqualTo(SERVED);
            }
        }
        RawHttp more = client();
        assertThat(more.answer()).startsWith("503 too many connections to the API");
        more.awaitEnd();
        assertThat(operatorPort()).isEqualTo(50123);
        assertThat(clients.get(0).send(of("s0")).answer()).isEqualTo(SERVED);
    }

    @Test
    public void whoShowsNoTokenMakesRoomForWhoDoes() throws Exception {
        for (int i = 0; i < 64; i++) {
            client();
        }
        assertThat(client().send(PORTS).answer()).isEqualTo(SERVED);
        assertThat(clients.get(0).answer()).startsWith("503 too many connections to the API");
        assertThat(clients.get(1).send(of("s1")).answer()).isEqualTo(SERVED);
    }

    @Test
    public void whoDoesNotReadAnswersGetsNoMore() throws Exception {
        try (SocketChannel channel = SocketChannel.open(server.address());
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer inspects = ByteBuffer.wrap(
                    request("GET", "/v1/system/inspect", "").repeat(100).getBytes(StandardCharsets.UTF_8));
            long written = 0;
            while (written < 64 << 20 && selector.select(1000) > 0) {
                selector.selectedKeys().clear();
                written += channel.write(inspects);
                if (!inspects.hasRemaining()) {
                    inspects.clear();
                }
            }
            assertThat(written).isLessThan(16 << 20);
        }
        assertThat(client().send(PORTS).answer()).isEqualTo(SERVED);
    }

    private int operatorPort() throws Exception {
        Path socket = folder.getRoot().toPath().resolve("o.sock");
        try (GatewayClient operator = new GatewayClient(new ServerAddress.Unix(socket), Credentials.OPERATOR)) {
            return operator.availablePort().get(10, TimeUnit.SECONDS);
        }
    }

    private static String of(String service) {
        return PORTS.replace("username: hub", "username: " + service);
    }

    private RawHttp client() throws Exception {
        RawHttp client = new RawHttp(server.address());
        clients.add(client);
        return client;
    }

    private void serve(Limits limits) {
        Path root = folder.getRoot().toPath();
        gateways = new FakeGateways(new ServerSettings(
                "unix://" + root.resolve("api.sock"), limits.idle(), "", "", "", root.resolve("o.sock")));
        server = new RestServer(gateways, Duration.ofSeconds(30), limits);
        assertThat(server.address()).isInstanceOf(UnixDomainSocketAddress.class);
    }
}
