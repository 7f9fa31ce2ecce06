package io.openedge.remote.mqtt;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a piece of work whenever somebody asks, never twice at once: whoever asks first runs it, and again for those who asked
 * meanwhile. What only the work touches has one owner at a time, without a lock or a thread of its own. Any thread.
 */
final class Turn {
    private final AtomicInteger asked = new AtomicInteger();
    private final Runnable work;

    Turn(Runnable work) {
        this.work = work;
    }

    void ask() {
        if (asked.getAndIncrement() > 0) {
            return;
        }
        int seen;
        do {
            seen = asked.get();
            work.run();
        } while (asked.addAndGet(-seen) > 0);
    }
}
