package io.openedge.function.manager.pool;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The one thread that owns rules and pools, and its time. Tasks run one after the other. Thread rule: any thread; what
 * comes after {@link #close()} is dropped.
 */
public interface Loop extends Executor, AutoCloseable {
    /** Runs a task later, on this thread. */
    Timer schedule(Duration delay, Runnable task);

    /** Monotonic time. Unit: nanoseconds. */
    long nanos();

    /** Drops what has not run. */
    @Override
    void close();

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Timer {
        /** Without effect when it has run. */
        void cancel();
    }
}
