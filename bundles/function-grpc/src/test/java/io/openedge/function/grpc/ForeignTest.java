package io.openedge.function.grpc;

import static io.openedge.function.grpc.Calls.LONGEST;
import static io.openedge.function.grpc.Calls.assertFails;
import static io.openedge.function.grpc.Calls.client;
import static io.openedge.function.grpc.Calls.get;
import static io.openedge.function.grpc.Calls.message;
import static io.openedge.function.grpc.Calls.server;
import static io.openedge.function.grpc.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.config.Openssl;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The other side is the gRPC library of C and Python, in a program that was written from function.proto alone. */
public class ForeignTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final GrpcTransport transport = new GrpcTransport();
    private final CompletableFuture<FunctionMessage> slow = new CompletableFuture<>();

    @After
    public void stop() throws Exception {
        transport.close();
    }

    private CompletionStage<FunctionMessage> compute(FunctionMessage message) {
        return switch (message.functionName()) {
            case "slow" -> slow;
            case "fail" ->
                CompletableFuture.failedFuture(new FunctionException(
                        Kind.USER_CODE, "Exception calling application: ('[UserCodeInvoke] ', ValueError('né'))"));
            default -> CompletableFuture.completedFuture(message);
        };
    }

    @Test
    public void aForeignServerComputesAndFails() throws Exception {
        try (Foreign foreign = new Foreign("serve", "127.0.0.1:0")) {
            FunctionConnection functions =
                    transport.connect(client("127.0.0.1:" + foreign.line().split(" ")[1], Duration.ZERO));
            functions.ready().toCompletableFuture().get();

            assertThat(text(functions.call(message("f", "hi"))))
                    .isEqualTo("{\"id\": 1099511627776, \"qos\": 1, \"topic\": \"t/\\u00e9\", \"payload\": \"hi\","
                            + " \"timestamp\": 1560000000, \"name\": \"f\", \"invoke\": \"uuid\"}");
            assertFails(
                    functions.call(message("fail", "né")),
                    Kind.USER_CODE,
                    "Exception calling application: ('[UserCodeInvoke] ', ValueError('né'))");
            assertFails(functions.call(message("missing", "")), Kind.NOT_FOUND, "function not found");
            assertFails(functions.call(message("abort", "UNAVAILABLE later")), Kind.UNAVAILABLE, "later");
            assertFails(functions.call(message("abort", "RESOURCE_EXHAUSTED busy")), Kind.BUSY, "busy");
            assertThat(get(functions.call(message("big", "900000"))).payload()).hasSize(900_000);
            assertThat(get(functions.call(message("big", "0"))).payload()).isEmpty();
            assertFails(functions.call(message("big", "4000000")), Kind.TOO_LARGE, "larger than");
            assertThat(text(functions.call(message("limit", "")))).isEqualTo("none");
        }
    }

    @Test
    public void aForeignServerTakesManyCallsAtOnceAndHearsLimitsAndCancellations() throws Exception {
        try (Foreign foreign = new Foreign("serve", "127.0.0.1:0")) {
            String address = "127.0.0.1:" + foreign.line().split(" ")[1];
            FunctionConnection functions = transport.connect(client(address, Duration.ofSeconds(30)));
            List<CompletionStage<FunctionMessage>> calls = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                calls.add(functions.call(message("big", "" + i)));
            }
            for (int i = 0; i < 500; i++) {
                assertThat(get(calls.get(i)).payload()).hasSize(i);
            }
            assertThat(Integer.parseInt(text(functions.call(message("limit", "")))))
                    .isBetween(20, 30);

            FunctionConnection hasty = transport.connect(client(address, Duration.ofMillis(300)));
            assertFails(hasty.call(message("slow", "")), Kind.TIMEOUT, "no answer in 300 ms");
            assertThat(foreign.line()).isEqualTo("cancelled");
        }
    }

    @Test
    public void aForeignServerThatIsKilledIsNoticed() throws Exception {
        try (Foreign foreign = new Foreign("serve", "127.0.0.1:0")) {
            FunctionConnection functions =
                    transport.connect(client("127.0.0.1:" + foreign.line().split(" ")[1], Duration.ZERO));
            text(functions.call(message("f", "")));
            CompletionStage<FunctionMessage> call = functions.call(message("slow", ""));
            text(functions.call(message("f", ""))); // a later call on the same connection: the first has arrived

            foreign.kill();

            assertFails(call, Kind.UNAVAILABLE, "");
            assertFails(functions.call(message("f", "")), Kind.NOT_DELIVERED, "refused");
        }
    }

    @Test
    public void aForeignClientIsServed() throws Exception {
        Server server = transport.serve(server(100), this::compute);
        try (Foreign foreign = new Foreign("call", server.address())) {
            assertThat(foreign.ask("{'id': 5, 'qos': 2, 'topic': 'é', 'payload': 'hi', 'timestamp': -7, 'name': 'f',"
                            + " 'invoke': 'u'}"))
                    .isEqualTo("{\"id\": 5, \"qos\": 2, \"topic\": \"\\u00e9\", \"length\": 2, \"payload\": \"hi\","
                            + " \"timestamp\": -7, \"name\": \"f\", \"invoke\": \"u\"}");
            assertThat(foreign.ask("{'name': 'fail'}"))
                    .contains("\"UNKNOWN\"", "('[UserCodeInvoke] ', ValueError('n\\u00e9'))");
            assertThat(foreign.ask("{'payload': 'x', 'times': " + LONGEST + "}"))
                    .contains("\"length\": " + LONGEST);
            assertThat(foreign.ask("{'payload': 'x', 'times': " + (LONGEST + 1) + "}"))
                    .contains("RESOURCE_EXHAUSTED", "larger than " + LONGEST);
            assertThat(foreign.ask("{'payload': 'x', 'times': 20000000}")).contains("RESOURCE_EXHAUSTED");
            assertThat(foreign.ask("{'path': '/openedge.Function/Other'}")).contains("UNIMPLEMENTED");
            assertThat(foreign.ask("{'payload': 'x', 'times': 5000, 'gzip': true}"))
                    .contains("UNIMPLEMENTED", "compressed");
            assertThat(foreign.ask("{'name': 'f', 'calls': 100, 'payload': 'x'}"))
                    .contains("\"length\": 1");
        }
    }

    @Test
    public void aForeignClientThatWaitsNoLongerCancelsItsCall() throws Exception {
        Server server = transport.serve(server(100), this::compute);
        try (Foreign foreign = new Foreign("call", server.address())) {
            assertThat(foreign.ask("{'name': 'slow', 'timeout': 0.3}")).contains("DEADLINE_EXCEEDED");
            await().atMost(Duration.ofSeconds(20)).until(slow::isCancelled);
        }
    }

    @Test
    public void aForeignServerAndOursShowTheirCertificates() throws Exception {
        Foreign.assumeItsLibrary();
        new Openssl(folder.getRoot().toPath())
                .authority("ca")
                .signed("server", "ca")
                .signed("client", "ca", "/CN=client", "DNS:client");
        try (Foreign foreign =
                new Foreign("serve", "127.0.0.1:0", file("ca.pem"), file("server.pem"), file("server.key"))) {
            FunctionConnection functions = transport.connect(new FunctionClientConfig(
                    "localhost:" + foreign.line().split(" ")[1],
                    "",
                    file("ca.pem"),
                    file("client.pem"),
                    file("client.key"),
                    1000,
                    Duration.ZERO));
            assertThat(text(functions.call(message("f", "hi")))).contains("\"hi\"");
        }
        Server server = transport.serve(
                new FunctionServerConfig(
                        "127.0.0.1:0", null, null, null, file("ca.pem"), file("server.pem"), file("server.key")),
                this::compute);
        try (Foreign foreign = new Foreign(
                "call",
                "localhost" + server.address().substring(server.address().indexOf(':')),
                file("ca.pem"),
                file("client.pem"),
                file("client.key"))) {
            assertThat(foreign.ask("{'payload': 'hi'}")).contains("\"hi\"");
        }
    }

    private String file(String name) {
        return folder.getRoot().toPath().resolve(name).toString();
    }
}
