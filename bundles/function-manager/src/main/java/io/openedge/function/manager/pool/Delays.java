package io.openedge.function.manager.pool;

import java.time.Duration;

/**
 * Waits between tries, doubling from 100 ms. Stateless.
 *
 * @param max the longest
 */
public record Delays(Duration max) {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final int MOST_DOUBLINGS = 30;

    /** @param failures so far, from 1 */
    public Duration after(int failures) {
        Duration delay = FIRST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return delay.compareTo(max) < 0 ? delay : max;
    }
}
