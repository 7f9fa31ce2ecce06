package io.openedge.master.update;

import io.openedge.master.work.Time;
import io.openedge.system.UpdateResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * An update that somebody asked for. All its waiting ends when it is given up.
 *
 * @param path that was named
 * @param operator whether the operator asks: he may name any file, and try again what failed
 * @param result completes when it is over
 * @param cancelled completes with the reason when it is given up
 */
record Request(
        String path, boolean operator, CompletableFuture<UpdateResult> result, CompletableFuture<String> cancelled) {
    Request(String path, boolean operator) {
        this(path, operator, new CompletableFuture<>(), new CompletableFuture<>());
    }

    /** @throws Cancelled when it is given up */
    void check() throws Cancelled {
        if (cancelled.isDone()) {
            throw new Cancelled(cancelled.join());
        }
    }

    void pause(Time time, Duration duration) throws Cancelled {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Time.Alarm alarm = time.after(duration, () -> over.complete(null));
        await(over);
        alarm.cancel();
    }

    /** Waits for something that cannot fail. */
    void await(CompletableFuture<?> over) throws Cancelled {
        join(CompletableFuture.anyOf(over, cancelled));
        check();
    }

    /** Waits whatever comes; the thread of updates is never interrupted. */
    static void join(Future<?> over) {
        try {
            over.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the gateway ends", e);
        }
    }
}
