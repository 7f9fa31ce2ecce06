package io.openedge.function.grpc;

import static io.openedge.function.grpc.Calls.LONGEST;
import static io.openedge.function.grpc.Calls.assertFails;
import static io.openedge.function.grpc.Calls.client;
import static io.openedge.function.grpc.Calls.get;
import static io.openedge.function.grpc.Calls.message;
import static io.openedge.function.grpc.Calls.server;
import static io.openedge.function.grpc.Calls.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionTransport.Server;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

/** Both sides of the transport, over real sockets. */
public class GrpcTransportTest {
    private final GrpcTransport transport = new GrpcTransport();
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

    private record Asked(FunctionMessage message, CompletableFuture<FunctionMessage> answer) {}

    @After
    public void nothingIsLeft() throws Exception {
        transport.close();
        await("the threads' last instructions")
                .atMost(Duration.ofSeconds(5))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("function-grpc")));
    }

    /** Answers at once, but for calls of "wait", which the test answers. */
    private CompletionStage<FunctionMessage> compute(FunctionMessage message) {
        CompletableFuture<FunctionMessage> answer = new CompletableFuture<>();
        switch (message.functionName()) {
            case "wait" -> asked.add(new Asked(message, answer));
            case "fail" ->
                answer.completeExceptionally(
                        new FunctionException(Kind.valueOf(new String(message.payload(), UTF_8)), "why: né\n%"));
            case "throw" -> throw new IllegalStateException("a fault of the module");
            case "grow" ->
                answer.complete(message.withPayload(new byte[Integer.parseInt(new String(message.payload(), UTF_8))]));
            default -> answer.complete(message);
        }
        return answer;
    }

    private Server serve(int concurrent) throws FunctionException {
        return transport.serve(server(concurrent), this::compute);
    }

    private FunctionConnection connect(Server server) throws FunctionException {
        return transport.connect(client(server.address(), Duration.ZERO));
    }

    private Asked next() throws InterruptedException {
        Asked next = asked.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a call that comes in").isNotNull();
        return next;
    }

    @Test
    public void aMessageComesAndItsAnswerGoesBack() throws Exception {
        FunctionMessage message = message("wait", "{}");
        CompletionStage<FunctionMessage> call = connect(serve(10)).call(message);

        Asked come = next();
        assertThat(come.message()).usingRecursiveComparison().isEqualTo(message);
        come.answer().complete(message.withPayload("hi".getBytes(UTF_8)));

        assertThat(get(call)).usingRecursiveComparison().isEqualTo(message.withPayload("hi".getBytes(UTF_8)));
    }

    @Test
    public void errorsComeAsTheyWent() throws Exception {
        FunctionConnection functions = connect(serve(10));

        for (Kind kind : List.of(Kind.USER_CODE, Kind.UNAVAILABLE, Kind.BUSY, Kind.TIMEOUT)) {
            assertFails(functions.call(message("fail", kind.name())), kind, "why: né\n%");
        }
        assertFails(functions.call(message("fail", Kind.NOT_DELIVERED.name())), Kind.UNAVAILABLE, "why");
        assertFails(functions.call(message("throw", "")), Kind.USER_CODE, "a fault of the module");
        assertThat(text(functions.call(message("f", "still there")))).isEqualTo("still there");
    }

    @Test
    public void messagesAndResultsUpToTheLimitGoThrough() throws Exception {
        FunctionConnection functions = connect(serve(10));

        assertThat(get(functions.call(message("f", "x".repeat(LONGEST)))).payload())
                .hasSize(LONGEST);
        assertThat(get(functions.call(message("grow", "" + LONGEST))).payload()).hasSize(LONGEST);
        assertThat(get(functions.call(message("grow", "0"))).payload()).isEmpty();

        assertFails(functions.call(message("f", "x".repeat(LONGEST + 1))), Kind.TOO_LARGE, "larger than " + LONGEST);
        assertFails(functions.call(message("f", "x".repeat(9 * LONGEST))), Kind.TOO_LARGE, "larger than " + LONGEST);
        assertFails(functions.call(message("f", "x".repeat(10 * LONGEST + 1))), Kind.TOO_LARGE, "larger than");
        assertFails(functions.call(message("grow", "" + (LONGEST + 1))), Kind.TOO_LARGE, "result of");
        assertThat(text(functions.call(message("f", "still there")))).isEqualTo("still there");
    }

    @Test
    public void aResultLongerThanTheCallerTakesIsItsError() throws Exception {
        Server server = serve(10);
        FunctionConnection functions =
                transport.connect(new FunctionClientConfig(server.address(), "", "", "", "", 10, Duration.ZERO));

        assertFails(functions.call(message("grow", "11")), Kind.TOO_LARGE, "result of 11 bytes is larger than 10");
        assertThat(get(functions.call(message("grow", "10"))).payload()).hasSize(10);
    }

    @Test
    public void manyCallsAreInFlightAndTheOthersWaitAtTheClient() throws Exception {
        FunctionConnection functions = connect(serve(3));
        List<CompletionStage<FunctionMessage>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(functions.call(message("wait", "" + i)));
        }
        for (int i = 0; i < 10; i++) {
            Asked come = next();
            assertThat(asked.size()).isLessThanOrEqualTo(2);
            come.answer().complete(come.message());
        }
        for (int i = 0; i < 10; i++) {
            assertThat(text(calls.get(i))).isEqualTo("" + i);
        }
    }

    @Test
    public void theLimitOfCallsHoldsOverAllConnections() throws Exception {
        Server server = serve(1);
        FunctionConnection one = connect(server);
        CompletionStage<FunctionMessage> first = one.call(message("wait", "1"));
        Asked come = next();

        assertFails(connect(server).call(message("f", "2")), Kind.BUSY, "too many calls in flight");
        come.answer().complete(come.message());

        assertThat(text(first)).isEqualTo("1");
        assertThat(text(one.call(message("f", "3")))).isEqualTo("3");
    }

    @Test
    public void aClientThatHasTooManyCallsInFlightIsTold() throws Exception {
        FunctionConnection functions = connect(serve(5000));
        for (int i = 0; i < 1000; i++) {
            functions.call(message("wait", ""));
        }
        assertFails(functions.call(message("f", "")), Kind.BUSY, "too many calls in flight");
    }

    @Test
    public void callsHearThatTheConnectionIsLostInTheirOrder() throws Exception {
        Server server = serve(100);
        FunctionConnection functions = connect(server);
        List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<?>> ends = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            ends.add(functions
                    .call(message("wait", ""))
                    .toCompletableFuture()
                    .handle((none, error) -> heard.add(number)));
        }
        for (int i = 0; i < 50; i++) {
            next();
        }

        server.close();

        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new)).get(20, TimeUnit.SECONDS);
        assertThat(heard).hasSize(50).isSorted();
    }

    @Test
    public void theCallersLimitEndsTheCallOnBothSides() throws Exception {
        Server server = serve(10);
        FunctionConnection functions = transport.connect(client(server.address(), Duration.ofMillis(200)));

        CompletionStage<FunctionMessage> call = functions.call(message("wait", ""));

        assertFails(call, Kind.TIMEOUT, "no answer in");
        Asked come = next();
        await().atMost(Duration.ofSeconds(20)).until(come.answer()::isCancelled);
        assertThat(text(functions.call(message("f", "next")))).isEqualTo("next");
    }

    @Test
    public void aCallThatIsCancelledIsCancelledThere() throws Exception {
        FunctionConnection functions = connect(serve(1));
        CompletionStage<FunctionMessage> call = functions.call(message("wait", ""));
        Asked come = next();

        call.toCompletableFuture().cancel(true);

        await().atMost(Duration.ofSeconds(20)).until(come.answer()::isCancelled);
        assertThat(text(functions.call(message("f", "there is room again")))).isEqualTo("there is room again");
    }

    @Test
    public void aClientThatClosesCancelsItsCalls() throws Exception {
        FunctionConnection functions = connect(serve(10));
        CompletionStage<FunctionMessage> call = functions.call(message("wait", ""));
        Asked come = next();

        functions.close();

        assertFails(call, Kind.UNAVAILABLE, "is closed");
        assertFails(functions.call(message("f", "")), Kind.UNAVAILABLE, "is closed");
        assertFails(functions.ready(), Kind.UNAVAILABLE, "is closed");
        await().atMost(Duration.ofSeconds(20)).until(come.answer()::isCancelled);
    }

    @Test
    public void aServerThatDrainsAnswersWhatItHasAndTakesNothingNew() throws Exception {
        Server server = serve(10);
        FunctionConnection functions = connect(server);
        CompletionStage<FunctionMessage> call = functions.call(message("wait", ""));
        Asked come = next();

        server.drain();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertFails(functions.call(message("f", "")), Kind.NOT_DELIVERED, ""));
        come.answer().complete(come.message().withPayload("last".getBytes(UTF_8)));

        assertThat(text(call)).isEqualTo("last");
        server.close();
    }

    @Test
    public void aServerThatClosesEndsItsCallsAndTheNextServerGetsTheNextCall() throws Exception {
        Server server = serve(10);
        FunctionConnection functions = connect(server);
        CompletionStage<FunctionMessage> call = functions.call(message("wait", ""));
        Asked come = next();

        server.close();

        assertFails(call, Kind.UNAVAILABLE, "connection lost");
        await().atMost(Duration.ofSeconds(20)).until(come.answer()::isCancelled);
        assertFails(functions.call(message("f", "")), Kind.NOT_DELIVERED, "refused");
        transport.serve(server(server.address(), 10), this::compute);
        assertThat(text(functions.call(message("f", "again")))).isEqualTo("again");
    }

    @Test
    public void aServerThatIsNotThereYetIsWaitedFor() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        FunctionConnection functions = transport.connect(client("127.0.0.1:" + port, Duration.ZERO));
        CompletionStage<Void> ready = functions.ready();
        assertFails(functions.call(message("f", "")), Kind.NOT_DELIVERED, "refused");
        assertThat(ready.toCompletableFuture()).isNotDone();

        transport.serve(server("127.0.0.1:" + port, 10), this::compute);

        ready.toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(text(functions.call(message("f", "hi")))).isEqualTo("hi");
    }

    @Test
    public void aPortThatIsTakenIsSaid() throws Exception {
        Server server = serve(10);

        assertThatThrownBy(() -> transport.serve(server(server.address(), 10), this::compute))
                .isInstanceOf(FunctionException.class)
                .hasMessageContaining("cannot listen at " + server.address())
                .hasMessageContaining("in use");
        assertThatThrownBy(() -> transport.connect(client("nowhere", Duration.ZERO)))
                .isInstanceOf(FunctionException.class)
                .hasMessageContaining("HOST:PORT");
    }

    @Test
    public void namesAreLookedUpAndUnknownOnesAreSaid() throws Exception {
        Server server = serve(10);
        String port = server.address().substring(server.address().indexOf(':'));

        assertThat(text(transport
                        .connect(client("localhost" + port, Duration.ZERO))
                        .call(message("f", "hi"))))
                .isEqualTo("hi");
        assertFails(
                transport
                        .connect(client("no-such-host.invalid:1", Duration.ZERO))
                        .call(message("f", "")),
                Kind.NOT_DELIVERED,
                "no host 'no-such-host.invalid'");
    }

    @Test
    public void whatIsNoHttp2IsNotWaitedFor() throws Exception {
        try (ServerSocket odd = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            FunctionConnection functions = transport.connect(client("127.0.0.1:" + odd.getLocalPort(), Duration.ZERO));
            CompletionStage<Void> ready = functions.ready();
            odd.accept().getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));

            assertFails(ready, Kind.UNAVAILABLE, "127.0.0.1:" + odd.getLocalPort());
        }
    }

    @Test
    public void aTransportThatStopsEndsWhatIsLeft() throws Exception {
        FunctionConnection functions = connect(serve(10));
        CompletionStage<FunctionMessage> call = functions.call(message("wait", ""));
        next();

        transport.close();

        assertFails(call, Kind.UNAVAILABLE, "");
        assertFails(functions.call(message("f", "")), Kind.UNAVAILABLE, "");
    }
}
