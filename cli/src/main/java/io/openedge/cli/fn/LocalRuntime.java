package io.openedge.cli.fn;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A function runtime in this process, which starts again when a message has ended it, as the gateway would. One thread.
 */
final class LocalRuntime implements AutoCloseable {
    private final Module module;
    private final ModuleContext context;
    private final Duration limit;
    private Optional<ModuleInstance> instance = Optional.empty();

    /** @param limit of a call; then what runs is killed */
    LocalRuntime(Module module, ModuleContext context, Duration limit) {
        this.module = module;
        this.context = context;
        this.limit = limit;
    }

    /** Starts it, unless it runs. */
    void start() throws Exception {
        if (instance.isEmpty()) {
            instance = Optional.of(module.start(context));
        }
    }

    /** @throws FunctionException when there is no answer */
    FunctionMessage call(FunctionMessage message) throws Exception {
        try {
            return send(message);
        } catch (FunctionException e) {
            if (e.kind() != Kind.NOT_DELIVERED) {
                throw e;
            }
            close(); // an earlier message has ended it, which is none of this one's business
            return send(message);
        }
    }

    private FunctionMessage send(FunctionMessage message) throws Exception {
        try {
            start();
            return instance.orElseThrow()
                    .endpoint()
                    .orElseThrow()
                    .call(message)
                    .toCompletableFuture()
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            close();
            throw new FunctionException(Kind.TIMEOUT, "no answer within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FunctionException failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public void close() throws Exception {
        if (instance.isPresent()) {
            ModuleInstance ended = instance.get();
            instance = Optional.empty();
            ended.close();
        }
    }
}
