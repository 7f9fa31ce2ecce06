package io.openedge.function.grpc;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much a server has to do: calls, and the bytes of their messages and results, over all connections. What is taken is
 * given back by whoever took it. Thread rule: any thread.
 */
final class Admission {
    private final int mostCalls;
    private final long mostBytes;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** @param mostBytes a single call may have more */
    Admission(int mostCalls, long mostBytes) {
        this.mostCalls = mostCalls;
        this.mostBytes = mostBytes;
    }

    /** False when there are too many calls. */
    boolean enter() {
        if (calls.incrementAndGet() <= mostCalls) {
            return true;
        }
        calls.decrementAndGet();
        return false;
    }

    /**
     * Takes memory.
     *
     * @param before what the same call has already
     * @return false when the others have too much for it; nothing is taken then
     */
    boolean take(long before, long more) {
        long all = bytes.addAndGet(more);
        if (all <= mostBytes || all == before + more) {
            return true;
        }
        bytes.addAndGet(-more);
        return false;
    }

    /** Takes memory for what is there already: the next call feels it. */
    void take(long more) {
        bytes.addAndGet(more);
    }

    /** A call is over. */
    void leave(long taken) {
        bytes.addAndGet(-taken);
        calls.decrementAndGet();
    }

    int calls() {
        return calls.get();
    }

    long bytes() {
        return bytes.get();
    }
}
