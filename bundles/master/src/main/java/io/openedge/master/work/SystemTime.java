package io.openedge.master.work;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The time of the host. Thread rule: any thread. */
public final class SystemTime implements Time, AutoCloseable {
    private final ScheduledThreadPoolExecutor alarms;

    public SystemTime() {
        alarms = new ScheduledThreadPoolExecutor(1, Threads.named("openedge-time"));
        alarms.setRemoveOnCancelPolicy(true);
        alarms.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // After the end no alarm is needed.
        alarms.setRejectedExecutionHandler((task, executor) -> {});
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Alarm after(Duration delay, Runnable task) {
        Future<?> waiting = alarms.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> waiting.cancel(false);
    }

    @Override
    public void close() {
        alarms.shutdownNow();
    }
}
