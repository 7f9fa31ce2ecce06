package io.openedge.hub.session;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Messages from other loops. Any thread adds, the owner's loop takes; no locks. Whoever adds to an idle inbox must see
 * to it that the owner comes; the owner comes back as long as {@link #taken} says so.
 *
 * <p>A linked queue with many producers: the newest is swapped in, then linked to the one before. Between the two steps
 * the owner sees an end, although {@link #idle} says that there is more; it then comes again.
 */
final class Inbox {
    private static final int WEIGHT_BITS = 40;
    private static final long ONE = 1L << WEIGHT_BITS;

    private final AtomicReference<Delivery> newest;
    private Delivery oldest;
    /** Number and weight in one, so that both cost one step. */
    private final AtomicLong load = new AtomicLong();

    Inbox() {
        Delivery mark = Delivery.mark();
        newest = new AtomicReference<>(mark);
        oldest = mark;
    }

    /** True when the inbox was idle. */
    boolean add(Delivery delivery) {
        Delivery before = newest.getAndSet(delivery);
        before.next = delivery;
        return load.getAndAdd(ONE + delivery.message().weight()) == 0;
    }

    /** Owner only. What is taken stays here as the mark until the next one is taken. */
    @Nullable
    Delivery poll() {
        Delivery next = oldest.next;
        if (next != null) {
            oldest.next = null; // or a message that is kept would keep all that came after it
            oldest = next;
        }
        return next;
    }

    /** Owner only, after it dealt with that many of that weight together; true when there is more. */
    boolean taken(int count, long weight) {
        return load.addAndGet(-(count * ONE + weight)) != 0;
    }

    boolean idle() {
        return load.get() == 0;
    }

    /** True when there is more than so many, or more than so much. */
    boolean exceeds(long number, long weight) {
        long now = load.get();
        return now >>> WEIGHT_BITS >= number || (now & ONE - 1) >= weight;
    }
}
