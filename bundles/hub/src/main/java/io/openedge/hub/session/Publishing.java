package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import io.openedge.hub.route.Message;
import io.openedge.hub.route.Route;
import io.openedge.hub.route.Subscriber;
import io.openedge.hub.store.Lane;
import io.openedge.hub.store.Outcome;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What one client publishes: kept when it must be, offered to subscribers, acknowledged, in the order in which it came.
 * A retained message has its place before it is offered: who subscribes in between gets the new one once or twice, never
 * the old one last.
 * Owned by the connection's loop.
 */
final class Publishing {
    /** What an answer that waits takes, roughly. Unit: bytes. */
    private static final int ANSWER = 128;

    private final Broker broker;
    private final Connection connection;
    private final Lane lane;
    private final EventLoop loop;
    /** Messages that the store has not finished. */
    private int unsafe;

    Publishing(Broker broker, Connection connection, Lane lane, EventLoop loop) {
        this.broker = broker;
        this.connection = connection;
        this.lane = lane;
        this.loop = loop;
    }

    /**
     * What a client leaves behind.
     *
     * @param failed runs when it could not be stored, and nobody got it
     */
    void will(Will will, Runnable failed) {
        PublishedTopic topic = new PublishedTopic(will.topic());
        if (will.qos() == 0) {
            publish(topic, will.payload(), 0, will.retain(), 0);
            return;
        }
        store(new Message(will.topic(), will.payload(), will.qos()), topic, will.retain(), 0, 0, failure -> {
            if (failure != null) {
                failed.run();
            }
        });
    }

    /** QoS 0 or QoS 1. */
    void publish(PublishedTopic topic, byte[] payload, int qos, boolean retain, int packetId) {
        Message message = new Message(topic.topic(), payload, qos);
        if (qos == 0) {
            Route route = topic.route(broker.router());
            offer(message, route, 0);
            if (retain) {
                retainLater(message, route, topic);
            }
        } else {
            store(message, topic, retain, 0, packetId, failure -> {
                if (failure == null && packetId > 0) {
                    connection.out().answer(Outbound.PUBACK, packetId);
                }
            });
        }
    }

    /** With QoS 0 it goes out at once; it takes its place among the retained ones in the order of the store. */
    private void retainLater(Message message, Route route, PublishedTopic topic) {
        begin(message.weight());
        lane.message(message, route, true, 0, 0, (ref, failure) -> {
            end(message.weight());
            connection.guarded(() -> {
                broker.retaining().heard(message.topic());
                broker.router().publishToNew(message, route, topic.route(broker.router()));
            });
        });
    }

    /** The store has something of this client to do: it is not read while that is too much. */
    private void begin(int weight) {
        boolean room = broker.memory().passing().owe(weight);
        if (++unsafe >= broker.limits().unsafe() || !room) {
            connection.hold(Hold.UNSAFE);
        }
    }

    private void end(int weight) {
        broker.memory().passing().give(weight);
        if (--unsafe < broker.limits().unsafe()) {
            connection.release(Hold.UNSAFE);
        }
    }

    /**
     * QoS 2: PUBREC follows.
     *
     * @param publisher session that the packet id belongs to; 0: one that the store does not know
     */
    void publish(
            Message message,
            PublishedTopic topic,
            boolean retain,
            int publisher,
            int packetId,
            Unreleased ids,
            CompletableFuture<Void> stored) {
        Outcome completing = completing(stored);
        store(message, topic, retain, publisher, packetId, failure -> {
            completing.settled(0, failure);
            answered(Outbound.PUBREC, packetId, ids, failure != null);
        });
    }

    static Outcome completing(CompletableFuture<Void> future) {
        return (ref, failure) -> {
            if (failure == null) {
                future.complete(null);
            } else {
                future.completeExceptionally(failure);
            }
        };
    }

    private interface Stored {
        void settled(@Nullable IOException failure);
    }

    /** The message goes out to those for whom it was stored, with the place where it stands. */
    private void store(
            Message message, PublishedTopic topic, boolean retain, int publisher, int packetId, Stored then) {
        Route route = topic.route(broker.router());
        begin(message.weight());
        lane.message(message, route, retain, publisher, packetId, (ref, failure) -> {
            end(message.weight());
            connection.guarded(() -> {
                try {
                    if (failure != null) {
                        connection.close("what it sent could not be stored");
                    } else {
                        if (retain) {
                            broker.retaining().heard(message.topic());
                        }
                        offer(message, route, ref);
                        if (retain) {
                            broker.router().publishToNew(message, route, topic.route(broker.router()));
                        }
                    }
                } finally {
                    then.settled(failure);
                }
            });
        });
    }

    /** An answer of QoS 2 that comes after those that are due before, and after what it says. */
    void answer(int answer, int packetId, Unreleased ids, CompletableFuture<Void> stored) {
        if (unsafe == 0 && stored.isDone()) {
            answered(answer, packetId, ids, stored.isCompletedExceptionally());
        } else {
            begin(ANSWER);
            lane.safe((ref, failure) -> {
                end(ANSWER);
                stored.whenComplete(
                        (done, late) -> onLoop(() -> answered(answer, packetId, ids, failure != null || late != null)));
            });
        }
    }

    private void answered(int answer, int packetId, Unreleased ids, boolean failed) {
        if (connection.open()) { // or else the ids belong to the client's next connection
            ids.step(packetId);
        }
        if (failed) {
            connection.close("what it sent could not be stored");
        } else {
            connection.out().answer(answer, packetId);
        }
    }

    /** @param route as it was when the message was stored */
    private void offer(Message message, Route route, long ref) {
        Subscriber lagging = broker.router().publish(message, route, ref);
        if (lagging != null) {
            connection.hold(Hold.LAG);
            lagging.behind(() -> onLoop(() -> connection.release(Hold.LAG)));
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            connection.guarded(task);
            return;
        }
        try {
            loop.execute(() -> connection.guarded(task));
        } catch (RejectedExecutionException e) {
            broker.log().trace("the hub stops", e);
        }
    }
}
