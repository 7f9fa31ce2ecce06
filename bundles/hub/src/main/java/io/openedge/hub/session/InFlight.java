package io.openedge.hub.session;

import io.openedge.hub.route.Message;
import io.openedge.hub.store.MemoryBudget;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were sent and not acknowledged, and releases that were not completed, by packet id. Ids are 1 to the
 * window's size; free ones queue up, so that finding one never takes a search and an id rests as long as possible. Owned
 * by the session's loop.
 */
final class InFlight {
    private static final int FIRST_SIZE = 8;

    private final int window;
    private final long windowBytes;
    private final MemoryBudget memory;
    private final Deque<Integer> free = new ArrayDeque<>(1);
    /** Ids of messages whose words the store alone has, by reference. */
    private Map<Long, Integer> cold = Map.of();

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
        grow(id);
        put(id, delivery);
        return id;
    }

    private void grow(int id) {
        if (id > byId.length) {
            byId = Arrays.copyOf(byId, Math.max(id, Math.min(window, Math.max(FIRST_SIZE, byId.length * 2))));
        }
    }

    /** Puts back what was in flight before the hub started, under the packet id it had. */
    void restore(int id, Delivery delivery) {
        while (fresh <= id) {
            free.add(fresh++);
        }
        free.remove(id);
        grow(id);
        put(id, delivery);
    }

    private void put(int id, Delivery delivery) {
        delivery.order = sent++;
        byId[id - 1] = delivery;
        weight += delivery.weight;
        count++;
        if (delivery.cold()) {
            keepCold(delivery.ref, id);
        }
    }

    private @Nullable Integer forgetCold(long ref) {
        return cold.isEmpty() ? null : cold.remove(ref);
    }

    private void keepCold(long ref, int id) {
        if (cold.isEmpty()) {
            cold = new HashMap<>();
        }
        cold.put(ref, id);
    }

    /** PUBACK: the message of QoS 1 that was in flight with that id; null when there was none. */
    @Nullable
    Delivery acknowledge(int id) {
        Delivery delivery = get(id);
        if (delivery == null || delivery.qos != 1) {
            return null;
        }
        forget(id, delivery);
        return delivery;
    }

    /**
     * PUBREC: what remains of a message of QoS 2 is its id, in the place of one that was sent just now.
     *
     * @return what remains, also when it remained before; null when nothing of QoS 2 is in flight with that id
     */
    @Nullable
    Delivery received(int id) {
        Delivery delivery = get(id);
        if (delivery == null || delivery.qos != 2 || delivery.released) {
            return delivery != null && delivery.released ? delivery : null;
        }
        Delivery released = Delivery.released(delivery.ref);
        released.order = sent++;
        byId[id - 1] = released;
        forgetCold(delivery.ref);
        give(delivery);
        return released;
    }

    /** PUBCOMP: true when a release was in flight with that id. */
    boolean complete(int id) {
        Delivery delivery = get(id);
        if (delivery == null || !delivery.released) {
            return false;
        }
        forget(id, delivery);
        return true;
    }

    /** The client is gone: of what the store has, only the ids stay here. */
    void cool() {
        for (int id = 1; id <= byId.length; id++) {
            Delivery delivery = byId[id - 1];
            if (delivery != null && delivery.message != null && delivery.ref != 0) {
                Delivery stored = Delivery.stored(delivery.qos, delivery.ref, delivery.idSafe);
                stored.order = delivery.order;
                byId[id - 1] = stored;
                keepCold(delivery.ref, id);
                give(delivery);
            }
        }
    }

    /**
     * The words of a cold message are here.
     *
     * @return its packet id; 0: there is no such message
     */
    int warm(Delivery delivery) {
        Integer id = forgetCold(delivery.ref);
        if (id == null) {
            return 0;
        }
        Delivery known = Objects.requireNonNull(byId[id - 1]);
        delivery.order = known.order;
        delivery.idSafe = known.idSafe;
        byId[id - 1] = delivery;
        weight += delivery.weight;
        return id;
    }

    /**
     * The client may not have that message any more, which is cold or not in flight at all.
     *
     * @return its packet id when that is to be released, since the client may know it; else 0
     */
    int withdrawCold(long ref) {
        Integer id = cold.get(ref);
        return id != null && withdraw(id, Objects.requireNonNull(byId[id - 1])) ? id : 0;
    }

    /** An id of QoS 2 stays taken until the client has forgotten it: it would take the next message for this one. */
    private boolean withdraw(int id, Delivery delivery) {
        if (delivery.qos == 2) {
            received(id);
        } else {
            forget(id, delivery);
        }
        return delivery.qos == 2;
    }

    /** Whether the words of some are in the store alone. */
    boolean cold() {
        return !cold.isEmpty();
    }

    /** References of them, so many at most, in rising order. */
    long[] coldRefs(int most) {
        return cold.keySet().stream()
                .mapToLong(Long::longValue)
                .sorted()
                .limit(most)
                .toArray();
    }

    /** Whether that is still in flight with that id. */
    boolean holds(int id, Delivery delivery) {
        return get(id) == delivery;
    }

    /** Adds the references of all messages that have one. */
    void refs(Consumer<Long> action) {
        for (Delivery delivery : byId) {
            if (delivery != null && delivery.ref != 0 && !delivery.released) {
                action.accept(delivery.ref);
            }
        }
    }

    /**
     * Withdraws messages that the client may not have any more.
     *
     * @param gone hears of each, by its reference
     */
    void withdraw(Predicate<Message> forbidden, LongConsumer gone) {
        for (int id = 1; id <= byId.length; id++) {
            Delivery delivery = byId[id - 1];
            if (delivery != null && delivery.message != null && forbidden.test(delivery.message)) {
                withdraw(id, delivery);
                gone.accept(delivery.ref);
            }
        }
    }

    boolean contains(int id) {
        return get(id) != null;
    }

    private @Nullable Delivery get(int id) {
        return id < 1 || id > byId.length ? null : byId[id - 1];
    }

    private void forget(int id, Delivery delivery) {
        byId[id - 1] = null;
        forgetCold(delivery.ref);
        give(delivery);
        free.add(id);
        count--;
    }

    private void give(Delivery delivery) {
        weight -= delivery.weight;
        memory.give(delivery.weight);
    }

    /** All, in the order in which they were sent. */
    void forEach(ObjIntConsumer<Delivery> action) {
        if (count == 0) {
            return; // as for most clients that connect
        }
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
        cold = Map.of();
    }

    int count() {
        return count;
    }
}
