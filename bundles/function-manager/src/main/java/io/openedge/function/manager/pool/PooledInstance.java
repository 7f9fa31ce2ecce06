package io.openedge.function.manager.pool;

import io.openedge.function.FunctionConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An instance that works, and the calls that it has been given: the first is the one that it computes, the others lie in
 * its pipe so that it need not wait for the next. Owned by the loop.
 */
final class PooledInstance {
    /** So much work may lie in the pipe: more would wait here while another instance has nothing to do. */
    private static final long AHEAD_NANOS = Duration.ofMillis(10).toNanos();
    /** Each call counts for an eighth of the average. */
    private static final int SMOOTHING = 8;

    private final int number;
    private final FunctionConnection connection;
    /** Calls at most. */
    private int pipeline;

    private final Deque<Attempt> pipe = new ArrayDeque<>();
    /** How long a call takes on average; unknown before the first answer. Unit: nanoseconds. */
    private long average = Long.MAX_VALUE;
    /** Since when it has been at what it does, computing the first or nothing. Unit: nanoseconds of the loop. */
    private long since;

    private boolean watched;

    /** A try under way; the first end counts. */
    static final class Attempt {
        private final Job job;
        private boolean over;

        Attempt(Job job) {
            this.job = job;
        }

        Job job() {
            return job;
        }

        boolean over() {
            return over;
        }
    }

    /** @param pipeline calls at most */
    PooledInstance(int number, FunctionConnection connection, int pipeline) {
        this.number = number;
        this.connection = connection;
        this.pipeline = pipeline;
    }

    int number() {
        return number;
    }

    FunctionConnection connection() {
        return connection;
    }

    int load() {
        return pipe.size();
    }

    boolean idle() {
        return pipe.isEmpty();
    }

    /** Whether another call may lie in the pipe. */
    boolean room() {
        int size = pipe.size();
        return size == 0 || size < pipeline && average < AHEAD_NANOS / size && !suspect();
    }

    /** Whether it computes a message at which another one went. */
    boolean suspect() {
        return !pipe.isEmpty() && pipe.peekFirst().job.suspect();
    }

    Attempt begin(Job job, long now) {
        if (pipe.isEmpty()) {
            since = now;
        }
        Attempt attempt = new Attempt(job);
        pipe.addLast(attempt);
        return attempt;
    }

    /** A call has ended, and the instance goes on. */
    void ended(Attempt attempt, long now) {
        attempt.over = true;
        if (pipe.peekFirst() != attempt) { // an instance that computes several at once
            pipe.remove(attempt);
            return;
        }
        pipe.removeFirst();
        long took = now - since;
        average = average == Long.MAX_VALUE ? took : average + (took - average) / SMOOTHING;
        since = now;
    }

    /** It has as many calls as it takes, and is given no more from now on. */
    void refused(Attempt attempt, long now) {
        attempt.over = true;
        if (pipe.peekFirst() == attempt) {
            since = now;
        }
        pipe.remove(attempt);
        pipeline = Math.min(pipeline, pipe.size());
    }

    /** A call had its answer before it could be put into the pipe. */
    void answeredAtOnce(long now) {
        if (pipe.isEmpty()) {
            since = now;
        }
    }

    /** Takes all calls out: the instance is gone. */
    List<Attempt> abandon() {
        List<Attempt> all = new ArrayList<>(pipe);
        pipe.clear();
        all.forEach(attempt -> attempt.over = true);
        return all;
    }

    /** The call that is computed; null when there is none. */
    @Nullable
    Attempt first() {
        return pipe.peekFirst();
    }

    /** Since when it has been computing the first call, or idle. Unit: nanoseconds of the loop. */
    long since() {
        return since;
    }

    void idleSince(long now) {
        since = now;
    }

    /** Whether somebody looks at its time already; from now on somebody does. */
    boolean watch() {
        boolean before = watched;
        watched = true;
        return before;
    }

    void unwatch() {
        watched = false;
    }
}
