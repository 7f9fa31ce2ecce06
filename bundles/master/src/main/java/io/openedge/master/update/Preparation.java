package io.openedge.master.update;

import io.openedge.master.work.Workers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets engines prepare on another thread, which is interrupted when the update is given up. One use. */
record Preparation(Request request) {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
    private static final int GIVE_UP_SECONDS = 10;

    /** What may take long. */
    @FunctionalInterface
    interface Work {
        void run() throws Refused, InterruptedException;
    }

    void run(Workers workers, Work work) throws Refused, Cancelled {
        CompletableFuture<Void> over = new CompletableFuture<>();
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            try {
                work.run();
                over.complete(null);
            } catch (Throwable e) { // whatever it is, the update must hear of it
                over.completeExceptionally(e);
            }
            return true;
        });
        workers.calls().execute(task);
        try {
            CompletableFuture.anyOf(over.handle((nothing, failure) -> ""), request.cancelled())
                    .get();
            if (request.cancelled().isDone()) {
                task.cancel(true);
                awaitEnd(over);
                request.check();
            }
            over.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            LOG.error("an engine failed to prepare", e.getCause());
            throw new Refused("an engine failed to prepare: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("the gateway ends");
        }
    }

    private static void awaitEnd(CompletableFuture<Void> over) throws InterruptedException {
        try {
            over.get(GIVE_UP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.error("an engine does not stop preparing; it is left behind");
        } catch (ExecutionException e) {
            LOG.debug("given up: {}", e.getCause().toString());
        }
    }
}
