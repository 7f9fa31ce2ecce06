package io.openedge.hub.session;

import java.util.concurrent.atomic.LongAdder;

/** What the hub counts. Thread rule: any thread. */
public final class Counters {
    private final LongAdder droppedQos0 = new LongAdder();
    private final LongAdder droppedQos1 = new LongAdder();
    private final LongAdder connections = new LongAdder();

    void dropped(int qos, long count) {
        (qos == 0 ? droppedQos0 : droppedQos1).add(count);
    }

    void connected() {
        connections.increment();
    }

    void disconnected() {
        connections.decrement();
    }

    /** Deliveries that a full buffer did not take, by QoS. */
    public long dropped(int qos) {
        return (qos == 0 ? droppedQos0 : droppedQos1).sum();
    }

    /** Clients that are connected. */
    public long connections() {
        return connections.sum();
    }
}
