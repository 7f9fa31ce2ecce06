package io.openedge.mqtt.client;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: 500 ms, doubling up to a limit, each time up to a fifth less so that clients of
 * one broker do not come back together. The row starts anew after a connection that was healthy: it came up, its
 * subscriptions included, and lasted three seconds. One that is taken over or closed sooner does not count, else two
 * clients of one name would throw each other out twice a second for ever. Thread rule: the connection's thread.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 500;
    private static final long HEALTHY_NANOS = Duration.ofSeconds(3).toNanos();

    private final long limitMillis;
    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private long nextMillis = FIRST_MILLIS;
    private boolean up;
    private long upSince;

    Backoff(Duration limit, RandomGenerator random, LongSupplier nanoTime) {
        this.limitMillis = Math.max(1, limit.toMillis());
        this.random = random;
        this.nanoTime = nanoTime;
    }

    /** The wait before the next try. Unit: milliseconds. */
    long next() {
        long wait = Math.min(nextMillis, limitMillis);
        nextMillis = Math.min(wait * 2, limitMillis);
        return Math.max(1, Math.round(wait * (1 - 0.2 * random.nextDouble())));
    }

    /** The connection is up and may be used. */
    void connected() {
        up = true;
        upSince = nanoTime.getAsLong();
    }

    /** The connection is gone, or a try has failed. */
    void disconnected() {
        if (up && nanoTime.getAsLong() - upSince >= HEALTHY_NANOS) {
            nextMillis = FIRST_MILLIS;
        }
        up = false;
    }
}
