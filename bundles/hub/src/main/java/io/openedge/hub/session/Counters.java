package io.openedge.hub.session;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the hub counts. Thread rule: any thread. */
public final class Counters {
    private final Map<Drop, LongAdder[]> dropped = new EnumMap<>(Drop.class);
    private final LongAdder connections = new LongAdder();
    private final LongAdder subscriptions = new LongAdder();
    private final Traffic received = new Traffic();
    private final Traffic sent = new Traffic();

    public Counters() {
        for (Drop reason : Drop.values()) {
            dropped.put(reason, new LongAdder[] {new LongAdder(), new LongAdder(), new LongAdder()});
        }
    }

    void dropped(Drop reason, int qos, long count) {
        adders(reason)[qos].add(count);
    }

    void connected() {
        connections.increment();
    }

    void disconnected() {
        connections.decrement();
    }

    void subscribed(int count) {
        subscriptions.add(count);
    }

    private LongAdder[] adders(Drop reason) {
        return dropped.getOrDefault(reason, new LongAdder[0]);
    }

    /** Messages of a QoS that were not delivered, or not kept. */
    public long dropped(int qos) {
        long sum = 0;
        for (Drop reason : Drop.values()) {
            sum += adders(reason)[qos].sum();
        }
        return sum;
    }

    /** Messages of any QoS that were not delivered for that reason. */
    public long dropped(Drop reason) {
        long sum = 0;
        for (LongAdder adder : adders(reason)) {
            sum += adder.sum();
        }
        return sum;
    }

    /** Clients that are connected. */
    public long connections() {
        return connections.sum();
    }

    /** Subscriptions of all sessions. */
    public long subscriptions() {
        return subscriptions.sum();
    }

    /** What clients published. */
    public Traffic received() {
        return received;
    }

    /** What was sent to subscribers. */
    public Traffic sent() {
        return sent;
    }
}
