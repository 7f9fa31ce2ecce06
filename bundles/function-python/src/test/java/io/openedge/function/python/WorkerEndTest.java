package io.openedge.function.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.slf4j.helpers.NOPLogger;

/** What calls hear that a worker cannot take, and in which order they hear that it has ended: who comes first is charged for it. */
public class WorkerEndTest {
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    private static FunctionMessage message(String name) {
        return new FunctionMessage(0, 1, "t", new byte[0], 1L, "f", name);
    }

    private CompletableFuture<FunctionMessage> listen(String name, CompletableFuture<FunctionMessage> answer) {
        return answer.whenComplete((none, error) -> {
            Throwable cause = error instanceof CompletionException ? error.getCause() : error;
            heard.add(name + " " + ((FunctionException) cause).kind());
        });
    }

    @Test
    public void callsHearItInTheOrderInWhichTheyWereGiven() {
        OpenCalls calls = new OpenCalls();
        for (long number = 14; number < 20; number++) { // a hash table of sixteen places has 16 before 14
            listen("call " + number, calls.add(number, message("id")));
        }

        calls.failAll(15, new FunctionException(Kind.UNAVAILABLE, "killed"));

        assertThat(heard)
                .containsExactly(
                        "call 14 UNAVAILABLE",
                        "call 15 UNAVAILABLE",
                        "call 16 NOT_DELIVERED",
                        "call 17 NOT_DELIVERED",
                        "call 18 NOT_DELIVERED",
                        "call 19 NOT_DELIVERED");
        assertThat(calls.isEmpty()).isTrue();
    }

    @Test
    public void aCallThatComesWhileTheEndIsNotToldYetDoesNotOvertakeThoseBeforeIt() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "setsid sleep 3 & echo >&2; exec cat > /dev/null").start();
        process.getErrorStream().read(); // now the pipe of the answers is held open beyond its end
        WorkerLimits limits = new WorkerLimits(1000, 1000, Map.of());
        Frame hello = Frame.of(Frame.Kind.HELLO, "{}".getBytes(UTF_8));
        Worker worker = new Worker(process, "w", hello, limits, () -> 1, NOPLogger.NOP_LOGGER, error -> {});
        CompletableFuture<?> first = listen("first", worker.call(message("a")).toCompletableFuture());
        process.destroyForcibly();
        process.waitFor();

        CompletableFuture<?> late = listen("late", worker.call(message("b")).toCompletableFuture());
        CompletableFuture.allOf(first.exceptionally(e -> null), late.exceptionally(e -> null))
                .get(30, TimeUnit.SECONDS);
        worker.close();
        CompletableFuture<FunctionMessage> after = worker.call(message("c")).toCompletableFuture();

        assertThat(after).as("known at once").isCompletedExceptionally();
        listen("after", after);
        assertThat(heard).containsExactly("first UNAVAILABLE", "late NOT_DELIVERED", "after NOT_DELIVERED");
    }

    @Test
    public void aWorkerThatHasAsManyAsItTakesRefusesTheNextAndIsWell() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        int large = 1 << 20;
        Frame hello = Frame.of(Frame.Kind.HELLO, "{}".getBytes(UTF_8));
        WorkerLimits limits = new WorkerLimits(1, large, Map.of());
        FunctionMessage message = new FunctionMessage(0, 1, "t", new byte[large], 1L, "f", "id");
        try (Worker worker = new Worker(process, "w", hello, limits, () -> 0, NOPLogger.NOP_LOGGER, error -> {})) {
            List<CompletableFuture<FunctionMessage>> refused = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                CompletableFuture<FunctionMessage> call = worker.call(message).toCompletableFuture();
                if (call.isDone()) {
                    refused.add(listen("refused", call));
                }
            }

            assertThat(refused).hasSizeGreaterThan(6);
            assertThat(heard).containsOnly("refused BUSY");
            assertThat(process.isAlive()).isTrue();
        }
    }
}
