package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import io.openedge.hub.route.Message;
import io.openedge.hub.route.Subscriber;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What one client publishes: kept when it must be, offered to subscribers, acknowledged, in the order in which it came.
 * Owned by the connection's loop.
 */
final class Publishing {
    private final Broker broker;
    private final Connection connection;
    private final EventLoop loop;
    private final Deque<Pending> unsafe = new ArrayDeque<>(2);

    /**
     * Waits for the store.
     *
     * @param message null: nothing is to be offered, only the answer is due
     * @param topic of the message
     * @param packetId 0: a will, which nobody acknowledges
     * @param ids of QoS 2; null: QoS 1
     */
    private record Pending(
            @Nullable Message message,
            @Nullable PublishedTopic topic,
            boolean retain,
            int answer,
            int packetId,
            @Nullable Unreleased ids,
            CompletableFuture<Void> stored) {}

    Publishing(Broker broker, Connection connection, EventLoop loop) {
        this.broker = broker;
        this.connection = connection;
        this.loop = loop;
    }

    /** QoS 0, QoS 1, or a will. */
    void publish(PublishedTopic topic, byte[] payload, int qos, boolean retain, int packetId) {
        Message message = new Message(topic.topic(), payload, qos);
        if (qos == 0) {
            offer(message, topic, retain);
            return;
        }
        CompletableFuture<Void> stored = broker.messages().append(message).toCompletableFuture();
        if (unsafe.isEmpty() && stored.isDone()) {
            finish(message, topic, retain, Outbound.PUBACK, packetId, null, stored);
        } else {
            await(new Pending(message, topic, retain, Outbound.PUBACK, packetId, null, stored));
        }
    }

    /** QoS 2: PUBREC follows. */
    void publish(
            Message message,
            PublishedTopic topic,
            boolean retain,
            int packetId,
            Unreleased ids,
            CompletableFuture<Void> stored) {
        if (unsafe.isEmpty() && stored.isDone()) {
            finish(message, topic, retain, Outbound.PUBREC, packetId, ids, stored);
        } else {
            await(new Pending(message, topic, retain, Outbound.PUBREC, packetId, ids, stored));
        }
    }

    /** An answer of QoS 2 that comes after those that are due before. */
    void answer(int answer, int packetId, Unreleased ids, CompletableFuture<Void> stored) {
        if (unsafe.isEmpty() && stored.isDone()) {
            finish(null, null, false, answer, packetId, ids, stored);
        } else {
            await(new Pending(null, null, false, answer, packetId, ids, stored));
        }
    }

    private void await(Pending pending) {
        unsafe.add(pending);
        pending.stored().whenComplete((done, failure) -> onLoop(this::settle));
        if (unsafe.size() >= broker.limits().unsafe()) {
            connection.hold(Hold.UNSAFE);
        }
    }

    /** Acknowledges what is safe, in order: one that is not yet holds back those behind it. */
    private void settle() {
        for (Pending head = unsafe.peek(); head != null && head.stored().isDone(); head = unsafe.peek()) {
            unsafe.remove();
            finish(
                    head.message(),
                    head.topic(),
                    head.retain(),
                    head.answer(),
                    head.packetId(),
                    head.ids(),
                    head.stored());
        }
        if (unsafe.size() < broker.limits().unsafe()) {
            connection.release(Hold.UNSAFE);
        }
    }

    private void finish(
            @Nullable Message message,
            @Nullable PublishedTopic topic,
            boolean retain,
            int answer,
            int packetId,
            @Nullable Unreleased ids,
            CompletableFuture<Void> stored) {
        if (ids != null && connection.open()) { // or else they belong to the client's next connection
            ids.step(packetId);
        }
        if (stored.isCompletedExceptionally()) {
            connection.close("what it sent could not be stored");
            return;
        }
        if (message != null && topic != null) {
            offer(message, topic, retain);
        }
        if (packetId > 0) {
            connection.out().answer(answer, packetId);
        }
    }

    /** The retained message first: who subscribes in between gets the new one once or twice, never the old one last. */
    private void offer(Message message, PublishedTopic topic, boolean retain) {
        if (retain) {
            retain(message);
        }
        Subscriber lagging = broker.router().publish(message, topic.route(broker.router()));
        if (lagging != null) {
            connection.hold(Hold.LAG);
            lagging.behind(() -> onLoop(() -> connection.release(Hold.LAG)));
        }
    }

    private void retain(Message message) {
        if (message.payload().length == 0) {
            broker.retained().remove(message.topic());
        } else if (!broker.retained().put(message)) {
            broker.counters().dropped(Drop.RETAINED, message.qos(), 1);
            broker.log().debug("no room for the retained message of {}", message.topic());
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(() -> connection.guarded(task));
        } catch (RejectedExecutionException e) {
            broker.log().trace("the hub stops", e);
        }
    }
}
