package io.openedge.function.manager.pool;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** A {@link Loop} on a thread of its own. */
public final class EventLoop implements Loop {
    private final ScheduledThreadPoolExecutor executor;
    private final Logger log;

    /** @param name of the thread */
    public EventLoop(String name, Logger log) {
        this.log = log;
        this.executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> run(task));
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Future<?> future = executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // the executor would keep it to itself
            log.error("a task of the function manager failed", e);
        }
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
