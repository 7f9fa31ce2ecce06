package io.openedge.app;

import java.time.Duration;

/**
 * What happens when an instance ends by itself. Immutable.
 *
 * @param policy when it is started again
 * @param retry how often
 * @param backoff how long to wait before it
 */
public record RestartPolicy(Policy policy, Retry retry, Backoff backoff) {
    /** Always, for ever, from one second to five minutes. */
    public static final RestartPolicy DEFAULT = new RestartPolicy(null, null, null);

    public RestartPolicy {
        policy = policy == null ? Policy.ALWAYS : policy;
        retry = retry == null ? new Retry(0) : retry;
        backoff = backoff == null ? new Backoff(null, null, 0) : backoff;
    }

    /** When an instance that ended is started again. */
    public enum Policy {
        /** Never. */
        NO,
        /** Whatever its end was. */
        ALWAYS,
        /** Only when its end was a failure. */
        ON_FAILURE
    }

    /** @param max restarts without a healthy run in between; 0: any number */
    public record Retry(int max) {
        public Retry {
            if (max < 0) {
                throw new InvalidValueException("max", max, "0 (for ever) or more");
            }
        }
    }

    /**
     * The wait before a restart: {@code min}, then {@code factor} times as long each time, at most {@code max}.
     *
     * @param min default 1 s
     * @param max default 5 min
     * @param factor default 2
     */
    public record Backoff(Duration min, Duration max, double factor) {
        public Backoff {
            min = min == null ? Duration.ofSeconds(1) : min;
            max = max == null ? Duration.ofMinutes(5) : max;
            factor = factor == 0 ? 2 : factor;
            if (min.isNegative()) {
                throw new InvalidValueException("min", min, "a duration of zero or more");
            }
            if (max.compareTo(min) < 0) {
                throw new InvalidValueException("max", max, "a duration of at least backoff.min (" + min + ")");
            }
            if (!(factor >= 1 && factor <= 1000)) {
                throw new InvalidValueException("factor", factor, "a number from 1 to 1000");
            }
        }
    }
}
