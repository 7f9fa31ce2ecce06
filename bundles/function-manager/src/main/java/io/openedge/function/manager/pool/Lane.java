package io.openedge.function.manager.pool;

import io.openedge.function.FunctionMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * The way of one rule, or of all callers, into a pool: lanes take turns, both for places and for instances, so that one
 * with many messages does not hold up another with few. Owned by the loop.
 */
public final class Lane {
    private final Pool pool;
    private final BooleanSupplier feeder;
    private final Deque<Job> waiting = new ArrayDeque<>();

    Lane(Pool pool, BooleanSupplier feeder) {
        this.pool = pool;
        this.feeder = feeder;
    }

    /**
     * Takes a place for a message; the feeder is asked when there is one again.
     *
     * @param payload its size in bytes
     * @return whether there is one
     */
    public boolean reserve(int payload) {
        return pool.reserve(payload);
    }

    /**
     * Has a message computed that has a place, which it keeps until {@link #settled}.
     *
     * @param tries how often it may be tried, a failed start included
     */
    public void run(FunctionMessage message, int tries, Outcome outcome) {
        pool.run(new Job(this, message, tries, outcome));
    }

    /** Gives the place of a message back: nothing more is to be done for it. */
    public void settled(int payload) {
        pool.settled(payload);
    }

    /** Submits one that found no place before; false when there is none. */
    boolean feed() {
        return feeder.getAsBoolean();
    }

    Deque<Job> waiting() {
        return waiting;
    }
}
