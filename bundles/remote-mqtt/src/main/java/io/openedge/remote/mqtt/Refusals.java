package io.openedge.remote.mqtt;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A broker that does not take what a flow publishes, and may take it later: it says why, and the flow is held for a second,
 * then twice as long each time up to a minute while nothing passes. Any thread.
 */
final class Refusals {
    private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long MOST_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    /** Nothing else is looked at for each message while all are taken. */
    private volatile boolean troubled;

    private long wait;
    private long until;
    private String reason = "";

    Refusals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.until = nanoTime.getAsLong();
    }

    /** A message was refused; others that were on their way at the same time make the wait no longer. */
    synchronized void refused(String why) {
        reason = why;
        if (!holds()) {
            troubled = true;
            wait = wait == 0 ? FIRST_NANOS : Math.min(wait * 2, MOST_NANOS);
            until = nanoTime.getAsLong() + wait;
        }
    }

    /** A message was taken. */
    void passed() {
        if (troubled) {
            calm();
        }
    }

    private synchronized void calm() {
        wait = 0;
        if (!holds()) {
            reason = "";
            troubled = false;
        }
    }

    /** Whether it is too early to try again. */
    boolean holds() {
        return troubled && early();
    }

    private synchronized boolean early() {
        return nanoTime.getAsLong() - until < 0;
    }

    /** Why messages are refused; empty: they are not. */
    synchronized String reason() {
        return reason;
    }
}
