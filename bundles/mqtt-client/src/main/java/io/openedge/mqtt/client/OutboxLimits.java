package io.openedge.mqtt.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How many messages may be on their way at once. Thread rule: any thread. */
final class OutboxLimits {
    /** Messages of QoS 1 and 2 that are not acknowledged yet. */
    static final int KEPT = 1_000;
    /** Messages of QoS 0 that are not written yet. */
    static final int UNKEPT = 10_000;
    /** Payloads of all of them; a single one may be larger. Unit: bytes. */
    static final long BYTES = 16L * 1024 * 1024;

    private final AtomicInteger kept = new AtomicInteger();
    private final AtomicInteger unkept = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Whether there is room; it is taken then.
     *
     * @param isKept whether it is of QoS 1 or 2
     * @param size of its payload in bytes
     */
    boolean take(boolean isKept, int size) {
        int number = count(isKept).incrementAndGet();
        long all = bytes.addAndGet(size);
        if (number <= (isKept ? KEPT : UNKEPT) && (all <= BYTES || all == size)) {
            return true;
        }
        release(isKept, size);
        return false;
    }

    void release(boolean isKept, int size) {
        release(isKept, 1, size);
    }

    /**
     * Gives back the room of several.
     *
     * @param size of their payloads together
     */
    void release(boolean isKept, int messages, long size) {
        count(isKept).addAndGet(-messages);
        bytes.addAndGet(-size);
    }

    private AtomicInteger count(boolean isKept) {
        return isKept ? kept : unkept;
    }
}
