package io.openedge.rest;

import static io.openedge.rest.RawHttp.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.system.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What clients send that they should not, byte by byte, over TCP; afterwards the API still serves. */
public class BadRequestsTest {
    private static final String START = "/v1/services/f/instances/i/start";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    private FakeGateways gateways;
    private RestServer server;

    @Before
    public void serve() {
        serve(Duration.ofMinutes(5));
    }

    @After
    public void stillServes() throws Exception {
        assertThat(raw(request("GET", "/v1/ports/available", ""))).isEqualTo("200 {\"port\":\"50123\"}");
        server.close();
        assertThat(gateways.unserviceable).isEmpty();
    }

    @Test
    public void unknownPathsAndWrongMethods() throws Exception {
        assertThat(raw(request("GET", "/", ""))).isEqualTo("404 there is no /");
        assertThat(raw(request("GET", "/v1/system/inspect/", ""))).startsWith("404 ");
        assertThat(raw(request("GET", "/v1/../v1/system/inspect", ""))).startsWith("404 ");
        assertThat(raw(request("PUT", "/v1/services/f/instances/i%2f/start", "{}")))
                .startsWith("400 instance:");
        assertThat(raw(request("POST", "/v1/system/inspect", ""))).isEqualTo("405 only GET is allowed here");
        assertThat(raw(request("GET", START, ""))).isEqualTo("405 only PUT is allowed here");
    }

    @Test
    public void namesThatAreNone() throws Exception {
        assertThat(raw(request("PUT", "/v1/services/f/instances/-i/start", "{}")))
                .startsWith("400 instance: '-i'");
        assertThat(raw(request("PUT", "/v1/services/f/instances//start", "{}"))).startsWith("400 instance: ''");
        assertThat(raw(request("PUT", "/v1/services/a.b/instances/i/start", "{}")))
                .startsWith("400 service: 'a.b'");
        assertThat(raw(request("PUT", "/v1/services/f/instances/" + "i".repeat(201) + "/start", "{}")))
                .startsWith("400 instance:");
        assertThat(gateways.calls).isEmpty();
    }

    @Test
    public void bodiesThatAreNoJsonOrTheWrongOne() throws Exception {
        for (String body : new String[] {
            "{",
            "[]",
            "\"x\"",
            "{} {}",
            "{\"A\":\"1\",\"A\":\"2\"}",
            "{\"A\":1}",
            "{\"A\":null}",
            "{\"A\":{}}",
            "{'A':'b'}",
            "{\"A\":\"b\",}",
            "[".repeat(1000),
            "{\"A\":" + "[".repeat(40) + "]".repeat(40) + "}"
        }) {
            assertThat(raw(request("PUT", START, body))).as(body).startsWith("400 ");
        }
        assertThat(raw(request("PUT", "/v1/system/update", "{\"path\":7}")))
                .isEqualTo("400 path: a string is expected");
        assertThat(raw(request("PUT", "/v1/services/hub/instances/i/report", "{\"a\":1e999}")))
                .startsWith("400 ");
        assertThat(raw(request("PUT", "/v1/services/hub/instances/i/report", "")))
                .startsWith("400 ");
        assertThat(gateways.calls).isEmpty();
    }

    @Test
    public void aStartWithoutABodyHasNoConfiguration() throws Exception {
        assertThat(raw(request("PUT", START, ""))).startsWith("200 ");
        assertThat(gateways.calls).containsExactly("start f i {}");
    }

    @Test
    public void bytesThatAreNoHttp() throws Exception {
        assertThat(raw("\u0000\u0001\u0002\r\n\r\n")).startsWith("400 ");
        assertThat(raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).startsWith("4");
        assertThat(raw("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n")).startsWith("400 ");
        assertThat(raw("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"))
                .startsWith("400 ");
        assertThat(raw("GET / HTTP/1.1\r\na b\r\n\r\n")).startsWith("4");
    }

    @Test
    public void linesAndHeadersThatAreTooLong() throws Exception {
        assertThat(raw("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n")).isEqualTo("414 the path is too long");
        assertThat(raw("GET / HTTP/1.1\r\na: " + "x".repeat(9000) + "\r\n\r\n")).startsWith("431 ");
        assertThat(raw("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(3000) + "\r\n")).startsWith("431 ");
    }

    @Test
    public void bodiesThatAreTooLong() throws Exception {
        assertThat(raw(request("PUT", START, "x".repeat((1 << 20) + 1)))).startsWith("413 ");
        String head = request("PUT", START, "").replace("Content-Length: 0\r\n\r\n", "");
        assertThat(raw(head + "Content-Length: 99999999999\r\n\r\n")).startsWith("413 ");
        String chunk = "20000\r\n" + "x".repeat(0x20000) + "\r\n";
        assertThat(raw(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(9)))
                .startsWith("413 ");
        assertThat(raw(request("PUT", START, "{\"A\":\"" + "x".repeat((1 << 20) - 8) + "\"}")))
                .startsWith("200 ");
    }

    @Test
    public void aBodyThatIsTooLongIsAnsweredInItsTurnAndEndsTheConnection() throws Exception {
        gateways.start = new CompletableFuture<>();
        try (RawHttp client = new RawHttp(server.address())) {
            client.send(request("PUT", START, "{}"));
            client.send(request("PUT", START, "").replace("Length: 0", "Length: 2000000"));
            gateways.start.complete("a:1");
            assertThat(client.answer()).isEqualTo("200 {\"address\":\"a:1\"}");
            assertThat(client.answer()).startsWith("413 ");
            client.awaitEnd();
        }
    }

    @Test
    public void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        gateways.start = new CompletableFuture<>();
        try (RawHttp client = new RawHttp(server.address())) {
            client.send(request("PUT", START, "{}")
                    + request("GET", "/v1/ports/available", "")
                    + request("GET", "/v1/none", ""));
            gateways.start.complete("a:1");
            assertThat(client.answer()).isEqualTo("200 {\"address\":\"a:1\"}");
            assertThat(client.answer()).isEqualTo("200 {\"port\":\"50123\"}");
            assertThat(client.answer()).isEqualTo("404 there is no /v1/none");
        }
    }

    @Test
    public void aRequestThatComesByteByByteIsAnswered() throws Exception {
        try (RawHttp client = new RawHttp(server.address())) {
            for (char c : request("PUT", START, "{\"A\":\"b\"}").toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.answer()).startsWith("200 ");
        }
        assertThat(gateways.calls).containsExactly("start f i {A=b}");
    }

    @Test
    public void aClientThatSaysNothingIsSentAwayAndOneThatWaitsIsNot() throws Exception {
        server.close();
        serve(Duration.ofMillis(100));
        gateways.start = new CompletableFuture<>();
        try (RawHttp idle = new RawHttp(server.address());
                RawHttp half = new RawHttp(server.address());
                RawHttp waiting = new RawHttp(server.address())) {
            waiting.send(request("PUT", START, "{}"));
            half.send("GET / HTT");
            idle.awaitEnd();
            half.awaitEnd();
            gateways.start.complete("a:1");
            assertThat(waiting.answer()).startsWith("200 ");
        }
    }

    @Test
    public void aBodyIsAskedForWhenTheClientWaitsForThat() throws Exception {
        try (RawHttp client = new RawHttp(server.address())) {
            client.send(request("PUT", START, "{}").replace("Host: x", "Host: x\r\nExpect: 100-continue"));
            assertThat(client.answer()).startsWith("100 ");
            assertThat(client.answer()).startsWith("200 ");
        }
    }

    @Test
    public void aConnectionEndsWhenTheClientAsksForIt() throws Exception {
        try (RawHttp client = new RawHttp(server.address())) {
            client.send(request("GET", "/v1/none", "").replace("Host: x", "Connection: close"));
            assertThat(client.answer()).startsWith("404 ");
            client.awaitEnd();
        }
    }

    @Test
    public void aClientThatLeavesBeforeItsAnswerHarmsNobody() throws Exception {
        gateways.start = new CompletableFuture<>();
        try (RawHttp client = new RawHttp(server.address())) {
            client.send(request("PUT", START, "{}"));
            await().atMost(Duration.ofSeconds(10)).until(() -> gateways.calls.contains("start f i {}"));
        }
        gateways.start.complete("a:1");
    }

    @Test
    public void aFaultOfOursIsAnsweredAndDoesNotTellTooMuch() throws Exception {
        gateways.start = CompletableFuture.failedFuture(new IllegalStateException("secret"));
        assertThat(raw(request("PUT", START, "{}"))).isEqualTo("500 internal error; the gateway's log tells more");
    }

    private void serve(Duration idle) {
        gateways = new FakeGateways(new ServerSettings(
                "tcp://127.0.0.1:0", idle, "", "", "", folder.getRoot().toPath().resolve("o.sock")));
        server = new RestServer(gateways, Duration.ofSeconds(30), Limits.services(idle));
    }

    private String raw(String text) throws Exception {
        try (RawHttp client = new RawHttp(server.address())) {
            return client.send(text).answer();
        }
    }
}
