package io.openedge.remote.mqtt;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may be on its way at once. Thread rule: one at a time takes, anybody gives back.
 */
final class Window {
    private final int most;
    private final long mostBytes;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** @param mostBytes a single message may be larger */
    Window(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** Whether there is room; it is taken then. */
    boolean take(int size) {
        boolean room = messages.get() < most && (bytes.get() + size <= mostBytes || messages.get() == 0);
        if (room) {
            messages.incrementAndGet();
            bytes.addAndGet(size);
        }
        return room;
    }

    void release(int size) {
        bytes.addAndGet(-size);
        messages.decrementAndGet();
    }

    boolean empty() {
        return messages.get() == 0;
    }
}
