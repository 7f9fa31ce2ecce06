package io.openedge.function;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An endpoint elsewhere. Closing fails the calls in flight with {@link FunctionException.Kind#UNAVAILABLE}. */
public interface FunctionConnection extends FunctionEndpoint, AutoCloseable {
    /**
     * Completes once the other side can be given calls: it listens, when it is another process. Until then a connection that
     * is refused is tried again; the limit is the caller's. Completes exceptionally when the connection is closed before, or
     * the other side is there and is not what was asked for.
     */
    default CompletionStage<Void> ready() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    void close();
}
