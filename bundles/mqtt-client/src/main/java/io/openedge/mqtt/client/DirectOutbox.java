package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.datatypes.MqttTopicImpl;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Messages of QoS 0 on their way to the broker, past the library: what is offered together is written together. Any thread
 * offers; all else happens on the connection's thread.
 */
final class DirectOutbox {
    /** Packets that are written at once; a single one may be larger. Unit: bytes. */
    private static final int CHUNK = 64 * 1024;
    /** What MQTT can say of a packet's length. Unit: bytes. */
    private static final int LONGEST = (1 << 28) - 1;

    private final Executor loop;
    private final OutboxLimits limits;
    private final Queue<Packet> offered = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile @Nullable Topic lastTopic;
    private volatile @Nullable ChannelHandlerContext lane;
    private volatile boolean closed;

    /** A topic that was found to be one. */
    private record Topic(String name, byte[] bytes) {}

    private record Packet(Topic topic, byte[] payload, boolean retain, CompletableFuture<Void> completion) {
        int length() {
            return 2 + topic.bytes().length + payload.length;
        }

        int size() {
            return 1 + DirectLane.bytesOf(length()) + length();
        }
    }

    /**
     * @param loop the connection's thread
     * @param limits how many may be on their way
     */
    DirectOutbox(Executor loop, OutboxLimits limits) {
        this.loop = loop;
        this.limits = limits;
    }

    /** Takes a message, from any thread; never blocks. Completes when it is written. */
    CompletionStage<Void> publish(MqttMessage message) {
        Packet packet;
        try {
            packet = packet(message);
        } catch (IllegalArgumentException | NullPointerException wrong) {
            return CompletableFuture.failedStage(new MqttException("No message: " + wrong.getMessage()));
        }
        if (closed || lane == null) {
            return CompletableFuture.failedStage(new MqttException(closed ? "The client is closed" : "No connection"));
        }
        if (!limits.take(false, packet.payload().length)) {
            return CompletableFuture.failedStage(new MqttException("Too many messages are on their way"));
        }
        offered.add(packet);
        schedule();
        return packet.completion();
    }

    private Packet packet(MqttMessage message) {
        Topic topic = lastTopic;
        if (topic == null || !topic.name().equals(message.topic())) {
            MqttTopicImpl.of(message.topic());
            topic = new Topic(message.topic(), message.topic().getBytes(StandardCharsets.UTF_8));
            lastTopic = topic;
        }
        Packet packet = new Packet(topic, message.payload(), message.retain(), new CompletableFuture<>());
        if (packet.length() > LONGEST) {
            throw new IllegalArgumentException("it is longer than " + LONGEST + " bytes");
        }
        return packet;
    }

    private void schedule() {
        try {
            if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
                loop.execute(this::write);
            }
        } catch (RejectedExecutionException over) {
            closed = true;
        }
        if (closed) {
            failAll("The client is closed");
        }
    }

    private void write() {
        scheduled.set(false);
        ChannelHandlerContext to = lane;
        if (to == null) {
            failAll("No connection");
            return;
        }
        Channel channel = to.channel();
        boolean written = false;
        while (channel.isWritable() && !offered.isEmpty()) {
            writeChunk(to);
            written = true;
        }
        if (written) {
            to.flush();
        }
    }

    private void writeChunk(ChannelHandlerContext to) {
        List<Packet> packets = new ArrayList<>();
        int size = 0;
        for (Packet next = offered.peek();
                next != null && (size == 0 || size + next.size() <= CHUNK);
                next = offered.peek()) {
            packets.add(offered.remove());
            size += next.size();
        }
        ByteBuf chunk = to.alloc().directBuffer(size);
        packets.forEach(packet -> encode(packet, chunk));
        to.write(chunk).addListener(done -> {
            if (done.isSuccess()) {
                packets.forEach(this::done);
            } else {
                packets.forEach(packet -> fail(packet, Reason.of(done.cause())));
            }
        });
    }

    private static void encode(Packet packet, ByteBuf out) {
        out.writeByte(packet.retain() ? 0x31 : 0x30);
        int length = packet.length();
        for (; length >= 0x80; length >>>= 7) {
            out.writeByte(length & 0x7F | 0x80);
        }
        out.writeByte(length);
        out.writeShort(packet.topic().bytes().length);
        out.writeBytes(packet.topic().bytes());
        out.writeBytes(packet.payload());
    }

    private void done(Packet packet) {
        limits.release(false, packet.payload().length);
        packet.completion().complete(null);
    }

    private void fail(Packet packet, String reason) {
        limits.release(false, packet.payload().length);
        packet.completion().completeExceptionally(new MqttException(reason));
    }

    private void failAll(String reason) {
        for (Packet packet = offered.poll(); packet != null; packet = offered.poll()) {
            fail(packet, reason);
        }
    }

    /** The broker has accepted the connection. */
    void online(ChannelHandlerContext context) {
        lane = context;
    }

    /** More can be written. */
    void writable() {
        if (lane != null) {
            write();
        }
    }

    /** The connection is gone. */
    void offline() {
        lane = null;
        failAll("No connection");
    }

    /** No message goes out any more. */
    void close() {
        closed = true;
        lane = null;
        failAll("The client is closed");
    }
}
