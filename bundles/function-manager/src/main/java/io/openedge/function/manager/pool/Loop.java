package io.openedge.function.manager.pool;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Owns rules and pools, and their time: tasks run one after the other. Thread rule: any thread; what comes after
 * {@link #close()} is dropped.
 */
public interface Loop extends Executor, AutoCloseable {
    /**
     * Runs a task at once on the caller's thread when nothing else runs or waits, else as {@link #execute}. For a thread that
     * brings many messages, holds no lock and may do the loop's work: handing over to another thread would cost more.
     */
    default void runOrExecute(Runnable task) {
        execute(task);
    }

    /** Runs a task later. */
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
