package io.openedge.function.manager.rule;

import io.openedge.function.manager.pool.Loop;
import io.openedge.mqtt.Delivery;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Messages on their way from a connection to the loop, many at a time. Bounded for messages of QoS 0; those of QoS 1 and 2
 * are bounded by the hub's window. Thread rule: any thread offers, in order; the loop takes.
 */
final class Handover {
    /** What a message weighs beside its payload; about ten thousand small ones fit. Unit: bytes. */
    private static final long MESSAGE = 800;
    /** All messages; a single one may weigh more. Unit: bytes. */
    private static final long MOST = 8L << 20;
    /** So many in a row: other rules have their turn too. */
    private static final int AT_ONCE = 256;

    private final Loop loop;
    private final Consumer<Delivery> taker;
    private final Queue<Delivery> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong weight = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** @param taker called on the loop */
    Handover(Loop loop, Consumer<Delivery> taker) {
        this.loop = loop;
        this.taker = taker;
    }

    /** Whether there was room for it. */
    boolean offer(Delivery delivery) {
        if (delivery.message().qos() == 0 && weight.get() >= MOST) {
            return false;
        }
        weight.addAndGet(weight(delivery));
        queue.add(delivery);
        schedule();
        return true;
    }

    private static long weight(Delivery delivery) {
        return MESSAGE + delivery.message().payload().length;
    }

    private void schedule() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            loop.execute(this::take);
        }
    }

    private void take() {
        scheduled.set(false);
        take(AT_ONCE);
        if (!queue.isEmpty()) {
            schedule();
        }
    }

    /** Takes all that there is, at once. Call it on the loop. */
    void flush() {
        take(Integer.MAX_VALUE);
    }

    private void take(int most) {
        long taken = 0;
        for (int i = 0; i < most; i++) {
            Delivery delivery = queue.poll();
            if (delivery == null) {
                break;
            }
            taken += weight(delivery);
            taker.accept(delivery);
        }
        weight.addAndGet(-taken);
    }
}
