package io.openedge.hub.session;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Messages that a slow or absent client has not taken, bounded in number and weight. A full one drops the new message,
 * counts it, and says so once until it is empty again. Owned by the session's loop.
 */
final class Waiting {
    private final int qos;
    private final int limit;
    private final String clientId;
    private final Broker broker;
    private final Deque<Delivery> deliveries = new ArrayDeque<>(2);
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

    /** Retained messages are in memory anyway: they have room of their own and no weight. */
    void add(Delivery delivery) {
        int room = delivery.retain ? limit + broker.limits().retained() : limit;
        int bytes = delivery.retain ? 0 : delivery.message().weight();
        boolean fits =
                deliveries.size() < room && weight + bytes <= broker.limits().waitingBytes();
        if (fits && broker.waiting().take(bytes)) {
            delivery.weight = bytes;
            weight += bytes;
            deliveries.add(delivery);
        } else {
            drop();
        }
    }

    private void drop() {
        broker.counters().dropped(qos, 1);
        if (dropped++ == 0) {
            broker.log()
                    .warn(
                            "client {} does not take its messages: {} of QoS {} wait ({} bytes), new ones are dropped",
                            clientId,
                            deliveries.size(),
                            qos,
                            weight);
        }
    }

    Delivery take() {
        Delivery delivery = deliveries.remove();
        weight -= delivery.weight;
        broker.waiting().give(delivery.weight);
        if (deliveries.isEmpty()) {
            recovered("caught up");
        }
        return delivery;
    }

    private void recovered(String how) {
        if (dropped > 0) {
            broker.log().warn("client {} {}; {} messages of QoS {} were dropped", clientId, how, dropped, qos);
            dropped = 0;
        }
    }

    void clear() {
        broker.waiting().give(weight);
        weight = 0;
        deliveries.clear();
        recovered("is gone");
    }
}
