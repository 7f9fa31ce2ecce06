package io.openedge.hub.session;

import io.openedge.hub.route.Message;
import io.openedge.hub.store.MemoryBudget;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were sent and not acknowledged, and releases that were not completed, by packet id. Ids are 1 to the window's size; free ones queue up, so
 * that finding one never takes a search and an id rests as long as possible. Owned by the session's loop.
 */
final class InFlight {
    private static final int FIRST_SIZE = 8;

    private final int window;
    private final long windowBytes;
    private final MemoryBudget memory;
    private final Deque<Integer> free = new ArrayDeque<>();
    private @Nullable Delivery[] byId = new Delivery[0];
    private int fresh = 1;
    private int count;
    private long sent;
    private long weight;

    /**
     * @param window how many
     * @param windowBytes from what weight on there is no room; a single one may be larger
     * @param memory gets back what an acknowledged message has taken
     */
    InFlight(int window, long windowBytes, MemoryBudget memory) {
        this.window = window;
        this.windowBytes = windowBytes;
        this.memory = memory;
    }

    boolean room() {
        return count < window && weight < windowBytes;
    }

    /** Takes a message, with the memory it has taken; answers its packet id. Only when there is room. */
    int add(Delivery delivery) {
        int id = fresh <= window ? fresh++ : free.remove();
        if (id > byId.length) {
            byId = Arrays.copyOf(byId, Math.min(window, Math.max(FIRST_SIZE, byId.length * 2)));
        }
        delivery.order = sent++;
        byId[id - 1] = delivery;
        weight += delivery.weight;
        count++;
        return id;
    }

    /** PUBACK: true when a message of QoS 1 was in flight with that id. */
    boolean acknowledge(int id) {
        Delivery delivery = get(id);
        if (delivery == null || delivery.qos != 1) {
            return false;
        }
        forget(id, delivery);
        return true;
    }

    /**
     * PUBREC: what remains of a message of QoS 2 is its id, in the place of one that was sent just now.
     *
     * @return true when PUBREL is the answer: also again, and for an id that is not in flight at all
     */
    boolean received(int id) {
        Delivery delivery = get(id);
        if (delivery == null || delivery.message == null) {
            return true;
        }
        if (delivery.qos != 2) {
            return false;
        }
        Delivery released = new Delivery(null, 2, false);
        released.order = sent++;
        byId[id - 1] = released;
        give(delivery);
        return true;
    }

    /** PUBCOMP: true when a release was in flight with that id. */
    boolean complete(int id) {
        Delivery delivery = get(id);
        if (delivery == null || delivery.message != null) {
            return false;
        }
        forget(id, delivery);
        return true;
    }

    /** Forgets messages that the client may not have any more; answers how many. */
    int withdraw(Predicate<Message> forbidden) {
        int before = count;
        for (int id = 1; id <= byId.length; id++) {
            Delivery delivery = byId[id - 1];
            if (delivery != null && delivery.message != null && forbidden.test(delivery.message)) {
                forget(id, delivery);
            }
        }
        return before - count;
    }

    boolean contains(int id) {
        return get(id) != null;
    }

    private @Nullable Delivery get(int id) {
        return id < 1 || id > byId.length ? null : byId[id - 1];
    }

    private void forget(int id, Delivery delivery) {
        byId[id - 1] = null;
        give(delivery);
        free.add(id);
        count--;
    }

    private void give(Delivery delivery) {
        weight -= delivery.weight;
        memory.give(delivery.weight);
    }

    /** All, in the order in which they were sent; a delivery without a message is a release. */
    void forEach(ObjIntConsumer<Delivery> action) {
        List<Integer> ids = IntStream.rangeClosed(1, byId.length)
                .filter(id -> byId[id - 1] != null)
                .boxed()
                .sorted(Comparator.comparingLong(id -> Objects.requireNonNull(byId[id - 1]).order))
                .toList();
        ids.forEach(id -> action.accept(Objects.requireNonNull(byId[id - 1]), id));
    }

    /** The end: all memory is given back. */
    void clear() {
        memory.give(weight);
        weight = 0;
        byId = new Delivery[0];
    }

    int count() {
        return count;
    }
}
