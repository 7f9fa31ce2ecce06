package io.openedge.function.python;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The calls that a worker has been given and has not answered, by their numbers. Thread rule: any thread. */
final class OpenCalls {
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();

    private record Call(FunctionMessage message, CompletableFuture<FunctionMessage> answer) {}

    CompletableFuture<FunctionMessage> add(long number, FunctionMessage message) {
        CompletableFuture<FunctionMessage> answer = new CompletableFuture<>();
        calls.put(number, new Call(message, answer));
        return answer;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    void forget(long number) {
        calls.remove(number);
    }

    /** The function that a call is for; empty: it is answered, or none. */
    Optional<String> function(long number) {
        return Optional.ofNullable(calls.get(number)).map(call -> call.message().functionName());
    }

    /** Without effect when it is not open. */
    void answer(long number, byte[] result) {
        Call call = calls.remove(number);
        if (call != null) {
            call.answer().complete(call.message().withPayload(result));
        }
    }

    /** Without effect when it is not open. */
    void fail(long number, FunctionException reason) {
        Call call = calls.remove(number);
        if (call != null) {
            call.answer().completeExceptionally(reason);
        }
    }

    /**
     * The worker has ended: its calls hear it in the order in which they were given.
     *
     * @param last call that it began; those behind it have not been begun, and another worker may take them at once
     * @param reason for those that have been begun
     */
    void failAll(long last, FunctionException reason) {
        for (Long number : calls.keySet().stream().sorted().toList()) {
            fail(number, number <= last ? reason : new FunctionException(Kind.NOT_DELIVERED, reason.getMessage()));
        }
    }
}
