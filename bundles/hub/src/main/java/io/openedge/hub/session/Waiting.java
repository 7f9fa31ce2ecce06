package io.openedge.hub.session;

import io.openedge.hub.route.Message;
import io.openedge.hub.store.MemoryBudget;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Messages that a slow or absent client has not taken, bounded in number and weight. A full one drops the new message,
 * counts it, and says so once until it is empty again. Owned by the session's loop.
 */
final class Waiting {
    private static final int RETAINED_FACTOR = 3;

    /** 0, or 1 for everything above. */
    private final int qos;

    private final int limit;
    private final String clientId;
    private final Broker broker;
    private final Deque<Delivery> deliveries = new ArrayDeque<>(1);
    private long weight;
    private long dropped;

    Waiting(int qos, int limit, String clientId, Broker broker) {
        this.qos = qos;
        this.limit = limit;
        this.clientId = clientId;
        this.broker = broker;
    }

    boolean empty() {
        return deliveries.isEmpty();
    }

    /**
     * Adds one. Retained messages come all at once, however fast the client is: they have more room. The last of the
     * memory is for clients that are there and have little waiting.
     */
    void add(Delivery delivery, boolean absent) {
        int room = delivery.retain ? limit + broker.limits().retained() : limit;
        long most = broker.limits().waitingBytes() * (delivery.retain ? RETAINED_FACTOR : 1);
        int bytes = delivery.message().weight();
        if (deliveries.size() < room
                && weight + bytes <= most
                && take(bytes, absent || weight >= broker.limits().windowBytes())) {
            hold(delivery, bytes);
        } else {
            drop();
        }
    }

    /** Adds one that the store has, if there is room; false: the store keeps it. */
    boolean keep(Delivery delivery, int most) {
        int bytes = delivery.message().weight();
        boolean room =
                deliveries.size() < most && weight + bytes <= broker.limits().windowBytes();
        if (!room || !take(bytes, weight > 0)) {
            return false;
        }
        hold(delivery, bytes);
        return true;
    }

    /** Adds one that was fetched from the store, because there was room when it was asked for. */
    void fetched(Delivery delivery) {
        int bytes = delivery.message().weight();
        broker.memory().waiting().owe(bytes);
        hold(delivery, bytes);
    }

    private void hold(Delivery delivery, int bytes) {
        delivery.weight = bytes;
        weight += bytes;
        deliveries.add(delivery);
    }

    /** What the store has is left to it. */
    void leaveToStore() {
        deliveries.removeIf(delivery -> delivery.ref != 0 && give(delivery));
    }

    /** The references of all that have one. */
    void refs(Consumer<Long> action) {
        deliveries.stream().filter(delivery -> delivery.ref != 0).forEach(delivery -> action.accept(delivery.ref));
    }

    private boolean take(int bytes, boolean modestly) {
        MemoryBudget memory = broker.memory().waiting();
        return modestly ? memory.takeModestly(bytes) : memory.take(bytes);
    }

    private void drop() {
        broker.counters().dropped(Drop.FULL, qos, 1);
        if (dropped++ == 0) {
            broker.log()
                    .warn(
                            "client {} does not take its messages: {} of QoS {} wait ({} bytes), new ones are dropped",
                            clientId,
                            deliveries.size(),
                            words(),
                            weight);
        }
    }

    /** The oldest. Its memory stays taken: whoever gets it gives it back. */
    Delivery take() {
        Delivery delivery = deliveries.remove();
        weight -= delivery.weight;
        if (deliveries.isEmpty()) {
            recovered("caught up");
        }
        return delivery;
    }

    private String words() {
        return qos == 0 ? "0" : "1 and 2";
    }

    /** Drops what the client may not have any more. */
    void withdraw(Predicate<Message> forbidden, Consumer<Delivery> gone) {
        int before = deliveries.size();
        deliveries.removeIf(delivery -> {
            boolean withdrawn = forbidden.test(delivery.message()) && give(delivery);
            if (withdrawn) {
                gone.accept(delivery);
            }
            return withdrawn;
        });
        broker.counters().dropped(Drop.RIGHTS, qos, before - deliveries.size());
    }

    private boolean give(Delivery delivery) {
        broker.memory().waiting().give(delivery.weight);
        weight -= delivery.weight;
        return true;
    }

    private void recovered(String how) {
        if (dropped > 0) {
            broker.log().warn("client {} {}; {} messages of QoS {} were dropped", clientId, how, dropped, words());
            dropped = 0;
        }
    }

    void clear() {
        broker.memory().waiting().give(weight);
        weight = 0;
        deliveries.clear();
        recovered("is gone");
    }
}
