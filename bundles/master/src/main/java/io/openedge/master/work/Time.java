package io.openedge.master.work;

import java.time.Duration;
import java.time.Instant;

/** The time as supervision sees it; a test puts its own. Thread rule: any thread. */
public interface Time {
    /** The date, for the operator only: it may jump. */
    Instant now();

    /** A clock that never jumps, for measuring. Unit: nanoseconds. */
    long nanos();

    /** Runs a short task later, on a thread of its own; never throws. */
    Alarm after(Duration delay, Runnable task);

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Alarm {
        /** Without effect when the task has run. */
        void cancel();
    }
}
