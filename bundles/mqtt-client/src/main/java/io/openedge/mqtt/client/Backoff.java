package io.openedge.mqtt.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: 500 ms, doubling up to a limit, each time up to a fifth less so that clients of
 * one broker do not come back together. Thread rule: the connection's thread.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 500;

    private final long limitMillis;
    private final RandomGenerator random;
    private long nextMillis = FIRST_MILLIS;

    Backoff(Duration limit, RandomGenerator random) {
        this.limitMillis = Math.max(1, limit.toMillis());
        this.random = random;
    }

    /** The wait before the next try. Unit: milliseconds. */
    long next() {
        long wait = Math.min(nextMillis, limitMillis);
        nextMillis = Math.min(wait * 2, limitMillis);
        return Math.max(1, Math.round(wait * (1 - 0.2 * random.nextDouble())));
    }

    /** A connection has ended that was up for so long: one that lasted starts the row anew. */
    void lasted(Duration up) {
        if (up.toMillis() > nextMillis) {
            nextMillis = FIRST_MILLIS;
        }
    }
}
