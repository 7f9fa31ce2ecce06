package io.openedge.function.manager.pool;

import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.module.ModuleContext;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One instance on its way: its address comes, it is connected to, it takes calls. Owned by the loop. */
final class InstanceStart {
    private final ModuleContext context;
    private final FunctionConfig function;
    private final Loop loop;
    private final Duration limit;
    private Loop.@Nullable Timer timer;
    private @Nullable FunctionConnection connection;
    private String where = "";
    private boolean over;

    InstanceStart(ModuleContext context, FunctionConfig function, Loop loop, Duration limit) {
        this.context = context;
        this.function = function;
        this.loop = loop;
        this.limit = limit;
    }

    /** One of the two is called, on the loop; after a failure there is no connection. */
    void begin(
            CompletionStage<String> address, Consumer<FunctionConnection> started, Consumer<FunctionException> failed) {
        timer = loop.schedule(limit, () -> fail("not started in " + limit.toSeconds() + " s" + where, failed));
        address.whenComplete((found, error) -> loop.execute(() -> {
            if (over) {
                return;
            }
            if (error != null) {
                fail("cannot start: " + cause(error).getMessage(), failed);
            } else if (found.isEmpty()) {
                fail("it serves no functions", failed);
            } else {
                connect(found, started, failed);
            }
        }));
    }

    private void connect(String address, Consumer<FunctionConnection> started, Consumer<FunctionException> failed) {
        where = ": nothing answers at " + address;
        try {
            connection = context.function(function.client(address));
        } catch (FunctionException e) {
            fail(e.getMessage(), failed);
            return;
        } catch (RuntimeException e) { // whatever is wrong with it, the place must be free again
            fail("no functions at " + address + ": " + e, failed);
            return;
        }
        connection
                .ready()
                .whenComplete((none, error) -> loop.execute(() -> {
                    if (over) {
                        return;
                    }
                    if (error != null) {
                        fail("no functions at " + address + ": " + cause(error).getMessage(), failed);
                        return;
                    }
                    over = true;
                    timer.cancel();
                    started.accept(connection);
                }));
    }

    private void fail(String words, Consumer<FunctionException> failed) {
        if (over) {
            return;
        }
        over = true;
        timer.cancel();
        if (connection != null) {
            connection.close();
        }
        failed.accept(new FunctionException(Kind.UNAVAILABLE, words));
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
