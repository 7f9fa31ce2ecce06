package io.openedge.function.grpc;

import static io.openedge.function.grpc.Calls.LONGEST;
import static io.openedge.function.grpc.Calls.client;
import static io.openedge.function.grpc.Calls.message;
import static io.openedge.function.grpc.Calls.server;
import static io.openedge.function.grpc.Calls.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionTransport.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

/** Calls of all kinds at once, given up at any moment, over connections that come and go: every place is given back. */
public class StormTest {
    private static final int CONCURRENT = 20;

    private final GrpcTransport transport = new GrpcTransport();
    private final Queue<CompletableFuture<FunctionMessage>> waiting = new ConcurrentLinkedQueue<>();

    @After
    public void stop() {
        transport.close();
    }

    private CompletionStage<FunctionMessage> compute(FunctionMessage message) {
        CompletableFuture<FunctionMessage> answer = new CompletableFuture<>();
        switch (message.functionName()) {
            case "wait" -> {
                answer.completeOnTimeout(message, 20, TimeUnit.MILLISECONDS);
            }
            case "hold" -> waiting.add(answer);
            case "fail" -> answer.completeExceptionally(new FunctionException(Kind.USER_CODE, "as it should"));
            default -> answer.complete(message);
        }
        return answer;
    }

    @Test
    public void everyPlaceIsGivenBackWhateverBecomesOfTheCalls() throws Exception {
        Server server = transport.serve(server(CONCURRENT), this::compute);
        Random random = new Random(Long.getLong("openedge.seed", System.nanoTime()));
        List<CompletableFuture<FunctionMessage>> calls = new ArrayList<>();
        List<FunctionConnection> connections = new ArrayList<>();
        for (int round = 0; round < Integer.getInteger("openedge.rounds", 3_000); round++) {
            if (connections.size() < 4) {
                connections.add(
                        transport.connect(client(server.address(), Duration.ofMillis(random.nextBoolean() ? 0 : 15))));
            }
            calls.add(call(connections.get(random.nextInt(connections.size())), random));
            int next = random.nextInt(300);
            if (next == 0) {
                connections.remove(random.nextInt(connections.size())).close();
            } else if (next < 60) {
                calls.get(random.nextInt(calls.size())).cancel(true);
            }
        }
        await("every call ends")
                .atMost(Duration.ofSeconds(60))
                .until(() -> calls.stream().allMatch(CompletableFuture::isDone));
        connections.forEach(FunctionConnection::close);

        allPlacesAreFree(server);
    }

    private static CompletableFuture<FunctionMessage> call(FunctionConnection functions, Random random) {
        String name = List.of("echo", "wait", "fail").get(random.nextInt(3));
        String payload = "x".repeat(random.nextInt(10) == 0 ? random.nextInt(2 * LONGEST) : random.nextInt(100));
        return functions.call(message(name, payload)).toCompletableFuture();
    }

    private void allPlacesAreFree(Server server) throws Exception {
        FunctionConnection functions = transport.connect(client(server.address(), Duration.ZERO));
        await("a call gets through")
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> text(functions.call(message("echo", "hi"))).equals("hi"));
        List<CompletionStage<FunctionMessage>> all = new ArrayList<>();
        for (int i = 0; i < CONCURRENT; i++) {
            all.add(functions.call(message("hold", "")));
        }
        await("as many calls as ever are in flight")
                .atMost(Duration.ofSeconds(30))
                .until(() -> waiting.size() == CONCURRENT);
        FunctionMessage answer = message("hold", "done");
        waiting.forEach(call -> call.complete(answer));
        for (CompletionStage<FunctionMessage> call : all) {
            assertThat(new String(Calls.get(call).payload(), UTF_8)).isEqualTo("done");
        }
    }
}
