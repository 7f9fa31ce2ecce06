package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.datatypes.MqttTopicImpl;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttRefusedException;
import io.openedge.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Messages of QoS 0 on their way to the broker, past the library: a publisher writes its packet into a chunk, which is
 * written as a whole. Thread rule: any thread publishes; all else happens on the connection's thread.
 */
final class DirectOutbox {
    /** What MQTT can say of a packet's length. Unit: bytes. */
    private static final int LONGEST = (1 << 28) - 1;
    /** While no more chunks than that wait, a message is on its way once it is in one. */
    private static final int SOON = 2;

    private static final CompletableFuture<Void> ON_ITS_WAY = CompletableFuture.completedFuture(null);

    private final Executor loop;
    private final OutboxLimits limits;
    private final Object lock = new Object();
    /** Guarded by the lock, as is all that follows. */
    private final Deque<Chunk> chunks = new ArrayDeque<>();

    private @Nullable Topic lastTopic;
    private @Nullable ChannelHandlerContext lane;
    private Abilities abilities = Abilities.ALL;
    private boolean scheduled;
    private boolean closed;

    /** A topic that was found to be one. */
    private record Topic(String name, byte[] bytes) {}

    /**
     * @param loop the connection's thread
     * @param limits how many may be on their way
     */
    DirectOutbox(Executor loop, OutboxLimits limits) {
        this.loop = loop;
        this.limits = limits;
    }

    /**
     * Takes a message, from any thread; never blocks. The stage is complete already while what is written keeps up with
     * what is published, else it completes when the message is written.
     */
    CompletionStage<Void> publish(MqttMessage message) {
        CompletableFuture<Void> stage;
        boolean first;
        synchronized (lock) {
            try {
                stage = put(message);
            } catch (IllegalArgumentException | NullPointerException wrong) {
                return failed("No message: " + wrong.getMessage());
            } catch (MqttException refused) {
                return CompletableFuture.failedStage(refused);
            }
            first = !scheduled;
            scheduled = true;
        }
        if (first) {
            schedule();
        }
        return stage;
    }

    private static CompletionStage<Void> failed(String reason) {
        return CompletableFuture.failedStage(new MqttException(reason));
    }

    private CompletableFuture<Void> put(MqttMessage message) throws MqttException {
        Topic topic = topic(message.topic());
        int payload = message.payload().length;
        boolean five = abilities.version() == MqttVersion.V5;
        int length = 2 + topic.bytes().length + (five ? 1 : 0) + payload;
        if (length > LONGEST || length < 0) {
            throw new IllegalArgumentException("it is longer than " + LONGEST + " bytes");
        }
        ChannelHandlerContext to = lane;
        if (to == null) {
            throw new MqttException(closed ? "The client is closed" : "No connection");
        }
        if (1 + DirectLane.bytesOf(length) + length > abilities.packet()) {
            throw new MqttRefusedException(
                    "it is longer than the " + abilities.packet() + " bytes of the broker", true);
        }
        if (!limits.take(false, payload)) {
            throw new MqttException("Too many messages are on their way");
        }
        Chunk chunk = chunks.peekLast();
        if (chunk == null || !chunk.room(length)) {
            chunk = new Chunk(to.alloc(), length);
            chunks.addLast(chunk);
        }
        chunk.add(topic.bytes(), message, length, five);
        return chunks.size() <= SOON ? ON_ITS_WAY : chunk.written();
    }

    private Topic topic(String name) {
        Topic topic = lastTopic;
        if (topic == null || !topic.name().equals(name)) {
            MqttTopicImpl.of(name);
            topic = new Topic(name, name.getBytes(StandardCharsets.UTF_8));
            lastTopic = topic;
        }
        return topic;
    }

    private void schedule() {
        try {
            loop.execute(this::write);
        } catch (RejectedExecutionException over) {
            close();
        }
    }

    private void write() {
        ChannelHandlerContext to;
        synchronized (lock) {
            scheduled = false;
            to = lane;
        }
        if (to == null) {
            return;
        }
        Channel channel = to.channel();
        boolean written = false;
        for (Chunk chunk = next(channel); chunk != null; chunk = next(channel)) {
            write(to, chunk);
            written = true;
        }
        if (written) {
            to.flush();
        }
    }

    private @Nullable Chunk next(Channel channel) {
        synchronized (lock) {
            return channel.isWritable() ? chunks.pollFirst() : null;
        }
    }

    private void write(ChannelHandlerContext to, Chunk chunk) {
        to.write(chunk.bytes()).addListener(done -> {
            limits.release(false, chunk.messages(), chunk.payloads());
            if (done.isSuccess()) {
                chunk.written().complete(null);
            } else {
                chunk.written().completeExceptionally(new MqttException(Reason.of(done.cause())));
            }
        });
    }

    /** The broker has accepted the connection. */
    void online(ChannelHandlerContext context, Abilities broker) {
        synchronized (lock) {
            abilities = broker;
            lane = closed ? null : context;
        }
    }

    /** More can be written. */
    void writable() {
        write();
    }

    /** The connection is gone. */
    void offline() {
        drop("No connection", false);
    }

    /** No message goes out any more. */
    void close() {
        drop("The client is closed", true);
    }

    private void drop(String reason, boolean last) {
        Deque<Chunk> dropped;
        synchronized (lock) {
            lane = null;
            closed |= last;
            dropped = new ArrayDeque<>(chunks);
            chunks.clear();
        }
        for (Chunk chunk : dropped) {
            chunk.bytes().release();
            limits.release(false, chunk.messages(), chunk.payloads());
            chunk.written().completeExceptionally(new MqttException(reason));
        }
    }
}
