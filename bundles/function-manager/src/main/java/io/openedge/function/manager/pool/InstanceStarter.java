package io.openedge.function.manager.pool;

import io.openedge.function.FunctionException;
import io.openedge.module.ModuleContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts and stops instances of one function through the gateway, under names SERVICE.FUNCTION.N. A number is taken
 * from the start until the gateway says that the instance is over, so that no instance replaces another. Owned by the
 * loop.
 */
final class InstanceStarter implements InstanceSource {
    /** The longest a start may take: loading a large model counts, a gateway that never answers does not. */
    static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final ModuleContext context;
    private final FunctionConfig function;
    private final Loop loop;
    private final BitSet taken = new BitSet();

    InstanceStarter(ModuleContext context, FunctionConfig function, Loop loop) {
        this.context = context;
        this.function = function;
        this.loop = loop;
    }

    @Override
    public void start(Consumer<PooledInstance> started, Consumer<FunctionException> failed) {
        int number = taken.nextClearBit(1);
        taken.set(number);
        new InstanceStart(context, function, loop, START_LIMIT)
                .begin(
                        ask(() -> context.gateway().startInstance(function.service(), name(number), Map.of())),
                        connection -> started.accept(new PooledInstance(number, connection, function.pipeline())),
                        error -> {
                            stop(number);
                            failed.accept(new FunctionException(
                                    error.kind(), "instance " + name(number) + ": " + error.getMessage()));
                        });
    }

    /** Its number is free again when it is over. */
    @Override
    public CompletionStage<Void> stop(int number) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        ask(() -> context.gateway().stopInstance(function.service(), name(number)))
                .whenComplete((none, error) -> loop.execute(() -> {
                    if (error != null) {
                        context.logger().warn("instance {} cannot be stopped: {}", name(number), error.getMessage());
                    }
                    taken.clear(number);
                    over.complete(null);
                }));
        return over;
    }

    @Override
    public CompletionStage<Void> stopAll() {
        List<CompletableFuture<Void>> stops = new ArrayList<>();
        taken.stream().forEach(number -> stops.add(stop(number).toCompletableFuture()));
        return CompletableFuture.allOf(stops.toArray(new CompletableFuture<?>[0]));
    }

    private String name(int number) {
        return function.service() + "." + function.name() + "." + number;
    }

    private static <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException e) { // the gateway refuses at once
            return CompletableFuture.failedFuture(e);
        }
    }
}
