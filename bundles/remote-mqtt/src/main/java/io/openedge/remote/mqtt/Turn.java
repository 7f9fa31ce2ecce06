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
            runOnce();
        } while (asked.addAndGet(-seen) > 0);
    }

    private void runOnce() {
        boolean done = false;
        try {
            work.run();
            done = true;
        } finally {
            if (!done) {
                asked.set(0); // a fault in one turn is not the end of all
            }
        }
    }
}
