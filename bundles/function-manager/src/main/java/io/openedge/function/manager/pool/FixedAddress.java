package io.openedge.function.manager.pool;

import io.openedge.function.FunctionException;
import io.openedge.module.ModuleContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A runtime that runs by itself: an instance is a connection to it. Owned by the loop. */
final class FixedAddress implements InstanceSource {
    /** How long a runtime that does not listen is waited for: it may be starting. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private final ModuleContext context;
    private final FunctionConfig function;
    private final Loop loop;
    private int last;

    FixedAddress(ModuleContext context, FunctionConfig function, Loop loop) {
        this.context = context;
        this.function = function;
        this.loop = loop;
    }

    @Override
    public void start(Consumer<PooledInstance> started, Consumer<FunctionException> failed) {
        int number = ++last;
        new InstanceStart(context, function, loop, LIMIT)
                .begin(
                        CompletableFuture.completedFuture(function.address()),
                        connection -> started.accept(new PooledInstance(number, connection, function.pipeline())),
                        failed);
    }

    @Override
    public CompletionStage<Void> stop(int number) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> stopAll() {
        return CompletableFuture.completedFuture(null);
    }
}
