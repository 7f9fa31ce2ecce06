package io.openedge.function.manager;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The functions of all instances: every call waits until the test answers it. */
public final class FakeFunctions {
    /** Calls that wait for their answer, in order. */
    public final List<Call> calls = new ArrayList<>();
    /** Every call that there was. */
    public final List<FunctionMessage> history = new ArrayList<>();

    /** One call that waits. */
    public record Call(String address, FunctionMessage message, CompletableFuture<FunctionMessage> answer) {}

    /** Whether connecting fails in a way that nobody expects. */
    public boolean broken;

    /** Whether each call has its own message as an answer at once. */
    public boolean echoing;

    /** Completes once the runtimes take calls. */
    public CompletableFuture<Void> listening = CompletableFuture.completedFuture(null);

    FunctionConnection connect(String address) {
        if (broken) {
            throw new IllegalStateException("a fault");
        }
        return new FunctionConnection() {
            private final List<CompletableFuture<FunctionMessage>> open = new ArrayList<>();
            private final CompletableFuture<Void> ready = listening;

            @Override
            public CompletionStage<Void> ready() {
                return ready;
            }

            @Override
            public CompletionStage<FunctionMessage> call(FunctionMessage message) {
                CompletableFuture<FunctionMessage> answer = new CompletableFuture<>();
                history.add(message);
                if (echoing) {
                    answer.complete(message);
                    return answer;
                }
                open.add(answer);
                calls.add(new Call(address, message, answer));
                return answer;
            }

            @Override
            public void close() {
                if (broken) {
                    throw new IllegalStateException("a fault");
                }
                open.forEach(answer -> answer.completeExceptionally(
                        new FunctionException(FunctionException.Kind.UNAVAILABLE, "closed")));
            }
        };
    }

    public Call next() {
        return calls.remove(0);
    }

    /** Answers the oldest call. */
    public void answer(String result) {
        Call call = next();
        call.answer().complete(call.message().withPayload(result.getBytes(UTF_8)));
    }

    /** Fails the oldest call. */
    public void fail(FunctionException.Kind kind, String words) {
        next().answer().completeExceptionally(new FunctionException(kind, words));
    }
}
