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

    /** Whether there is room; it is taken then. */
    boolean take(OutgoingMessage message) {
        int number = count(message).incrementAndGet();
        long size = bytes.addAndGet(message.size());
        if (number <= (message.kept() ? KEPT : UNKEPT) && (size <= BYTES || size == message.size())) {
            return true;
        }
        release(message);
        return false;
    }

    void release(OutgoingMessage message) {
        count(message).decrementAndGet();
        bytes.addAndGet(-message.size());
    }

    private AtomicInteger count(OutgoingMessage message) {
        return message.kept() ? kept : unkept;
    }
}
