package io.openedge.function.manager.rule;

import io.openedge.function.manager.pool.Loop;
import io.openedge.mqtt.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Messages on their way from a connection to the loop: what arrives together is handed over together. Bounded for messages
 * of QoS 0; those of QoS 1 and 2 are bounded by the hub's window. Thread rule: the connection's thread.
 */
final class Handover {
    /** What a message weighs beside its payload; about ten thousand small ones fit. Unit: bytes. */
    private static final long MESSAGE = 800;
    /** All messages; a single one may weigh more. Unit: bytes. */
    private static final long MOST = 8L << 20;
    /** So many at once: other rules have their turn in between. */
    private static final int AT_ONCE = 64;

    private final Loop loop;
    private final Consumer<Delivery> taker;
    private final AtomicLong handedOver = new AtomicLong();
    private List<Delivery> gathered = new ArrayList<>(AT_ONCE);
    private long weight;

    /** @param taker called on the loop */
    Handover(Loop loop, Consumer<Delivery> taker) {
        this.loop = loop;
        this.taker = taker;
    }

    /** Whether there was room for it. */
    boolean offer(Delivery delivery) {
        if (delivery.message().qos() == 0 && handedOver.get() + weight >= MOST) {
            return false;
        }
        gathered.add(delivery);
        weight += MESSAGE + delivery.message().payload().length;
        if (gathered.size() == AT_ONCE) {
            flush();
        }
        return true;
    }

    /** Hands over what has been gathered. */
    void flush() {
        if (gathered.isEmpty()) {
            return;
        }
        List<Delivery> batch = gathered;
        long taken = weight;
        gathered = new ArrayList<>(AT_ONCE);
        weight = 0;
        handedOver.addAndGet(taken);
        loop.runOrExecute(() -> {
            handedOver.addAndGet(-taken);
            batch.forEach(taker);
        });
    }
}
