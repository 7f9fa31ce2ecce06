package io.openedge.master.supervise;

import io.openedge.app.RestartPolicy;
import io.openedge.app.RestartPolicy.Policy;
import io.openedge.engine.Exit;
import java.time.Duration;

/**
 * Decides what follows the end of a run, by the restart policy. Counts restarts after failures and lets the wait grow; a
 * healthy run resets both. A run is healthy when it worked for at least ten seconds and at least as long as the wait
 * before it. One owner's.
 */
final class Restarts {
    private static final Duration HEALTHY = Duration.ofSeconds(10);
    private static final int GONE_IN_A_ROW = 10;

    private final RestartPolicy policy;
    private int failures;
    private int gone;
    private Duration waited = Duration.ZERO;

    Restarts(RestartPolicy policy) {
        this.policy = policy;
    }

    /** @param worked how long the run worked; zero when it never did */
    Decision after(Exit exit, Duration worked) {
        if (!worked.isZero() && worked.compareTo(HEALTHY) >= 0 && worked.compareTo(waited) >= 0) {
            reset();
        }
        if (exit instanceof Exit.Gone) {
            return afterGone(exit, worked);
        }
        gone = 0;
        if (!restarts(exit)) {
            return new Decision.End(exit.failure(), exit.reason());
        }
        if (exit.failure()
                && policy.retry().max() > 0
                && failures >= policy.retry().max()) {
            return new Decision.End(true, exit.reason() + "; given up after " + failures + " restarts");
        }
        failures += exit.failure() ? 1 : 0;
        waited = longer();
        return new Decision.Restart(waited, exit.reason());
    }

    /** Forgets what was before, as after a healthy run. */
    void reset() {
        failures = 0;
        gone = 0;
        waited = Duration.ZERO;
    }

    /** What carries it comes back or not: no wait and no count, unless it goes again and again before it ever works. */
    private Decision afterGone(Exit exit, Duration worked) {
        gone = worked.isZero() ? gone + 1 : 0;
        Duration wait = gone > GONE_IN_A_ROW ? policy.backoff().min() : Duration.ZERO;
        return new Decision.Restart(wait, exit.reason());
    }

    private boolean restarts(Exit exit) {
        return policy.policy() == Policy.ALWAYS || policy.policy() == Policy.ON_FAILURE && exit.failure();
    }

    private Duration longer() {
        Duration min = policy.backoff().min();
        if (waited.isZero()) {
            return min;
        }
        double millis = waited.toMillis() * policy.backoff().factor();
        Duration max = policy.backoff().max();
        return millis >= max.toMillis() ? max : Duration.ofMillis((long) millis);
    }

    /** What follows. */
    sealed interface Decision {
        /** For the operator. */
        String reason();

        /** Another run after a wait. */
        record Restart(Duration delay, String reason) implements Decision {}

        /** No other run. */
        record End(boolean failed, String reason) implements Decision {}
    }
}
