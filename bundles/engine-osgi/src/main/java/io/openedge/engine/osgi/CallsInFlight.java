package io.openedge.engine.osgi;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Calls that wait for their answer; once closed, all of them and all later ones end as unavailable. Any thread. */
final class CallsInFlight {
    private final Set<CompletableFuture<FunctionMessage>> calls = ConcurrentHashMap.newKeySet();
    private final String reason;
    private volatile boolean closed;

    CallsInFlight(String reason) {
        this.reason = reason;
    }

    /** @return false when it is closed; the call has failed then */
    boolean add(CompletableFuture<FunctionMessage> call) {
        calls.add(call);
        call.whenComplete((answer, failure) -> calls.remove(call));
        if (closed) { // read after the call was added: either this or close() fails it
            fail(call);
        }
        return !closed;
    }

    void close() {
        closed = true;
        List.copyOf(calls).forEach(this::fail);
    }

    private void fail(CompletableFuture<FunctionMessage> call) {
        call.completeExceptionally(new FunctionException(Kind.UNAVAILABLE, reason));
    }
}
