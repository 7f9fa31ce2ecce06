package io.openedge.hub.store;

import java.util.concurrent.atomic.AtomicLong;

/** An amount of heap that is shared by all who keep messages. Thread rule: any thread. Unit: bytes. */
public final class MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    public MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** Takes some; false when there is not enough. */
    public boolean take(long bytes) {
        return take(bytes, limit);
    }

    /** Takes some, but leaves a quarter of all to others; false when there is not enough. */
    public boolean takeModestly(long bytes) {
        return take(bytes, limit - limit / 4);
    }

    private boolean take(long bytes, long most) {
        if (used.addAndGet(bytes) <= most) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Takes some, also what is not there; false when it is not: then no more should come. */
    public boolean owe(long bytes) {
        return used.addAndGet(bytes) <= limit;
    }

    /** Gives back what was taken. */
    public void give(long bytes) {
        used.addAndGet(-bytes);
    }

    /** What is taken now. */
    public long used() {
        return used.get();
    }
}
