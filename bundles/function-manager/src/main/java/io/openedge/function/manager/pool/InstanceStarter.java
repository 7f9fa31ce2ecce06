package io.openedge.function.manager.pool;

import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.module.ModuleContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts and stops instances of one function through the gateway, under names SERVICE.FUNCTION.N. A number is taken
 * from the start until the gateway says that the instance is over, so that no instance replaces another. Owned by the
 * loop.
 */
final class InstanceStarter {
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

    /** Starts an instance; one of the two is called, on the loop. After a failure nothing is left of it. */
    void start(Consumer<PooledInstance> started, Consumer<FunctionException> failed) {
        int number = taken.nextClearBit(1);
        taken.set(number);
        CompletableFuture<String> address = new CompletableFuture<>();
        Loop.Timer limit = loop.schedule(
                START_LIMIT,
                () -> address.completeExceptionally(
                        new IllegalStateException("not started in " + START_LIMIT.toSeconds() + " s")));
        address.whenComplete((where, error) -> loop.execute(() -> {
            limit.cancel();
            FunctionConnection connection;
            try {
                connection = connect(where, error);
            } catch (FunctionException e) {
                stop(number);
                failed.accept(new FunctionException(e.kind(), "instance " + name(number) + ": " + e.getMessage()));
                return;
            }
            started.accept(new PooledInstance(number, connection));
        }));
        ask(() -> context.gateway().startInstance(function.service(), name(number), Map.of()))
                .whenComplete((where, error) -> {
                    if (error == null) {
                        address.complete(where);
                    } else {
                        address.completeExceptionally(error);
                    }
                });
    }

    private FunctionConnection connect(String address, Throwable error) throws FunctionException {
        if (error != null) {
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            throw new FunctionException(FunctionException.Kind.UNAVAILABLE, "cannot start: " + cause.getMessage());
        }
        if (address.isEmpty()) {
            throw new FunctionException(FunctionException.Kind.UNAVAILABLE, "it serves no functions");
        }
        try {
            return context.function(address);
        } catch (RuntimeException e) { // whatever is wrong with it, the place must be free again
            throw new FunctionException(FunctionException.Kind.UNAVAILABLE, "no functions at " + address + ": " + e);
        }
    }

    /** Stops an instance; its number is free again when it is over. */
    CompletionStage<Void> stop(int number) {
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

    /** Stops every instance that has a number; completes when all are over. */
    CompletionStage<Void> stopAll() {
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
