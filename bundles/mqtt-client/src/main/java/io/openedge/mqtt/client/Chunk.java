package io.openedge.mqtt.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.openedge.mqtt.MqttMessage;
import java.util.concurrent.CompletableFuture;

/** Packets of QoS 0 that are written together. One thread at a time. */
final class Chunk {
    /** Unit: bytes. A single packet may be larger. */
    private static final int SIZE = 32 * 1024;
    /** A head and the longest length. */
    private static final int MOST_BEFORE = 5;

    private static final int PUBLISH = 0x30;

    private final ByteBuf bytes;
    private final CompletableFuture<Void> written = new CompletableFuture<>();
    private int messages;
    private long payloads;

    /** @param first what the packet that it is made for says of its length */
    Chunk(ByteBufAllocator allocator, int first) {
        bytes = allocator.directBuffer(Math.max(SIZE, MOST_BEFORE + first));
    }

    boolean room(int length) {
        return bytes.writableBytes() >= MOST_BEFORE + length;
    }

    /**
     * @param length of the packet, without its head
     * @param properties whether there are any, none here: MQTT 5 says their length
     */
    void add(byte[] topic, MqttMessage message, int length, boolean properties) {
        bytes.writeByte(PUBLISH | (message.retain() ? 1 : 0));
        int rest = length;
        for (; rest > 0x7F; rest >>>= 7) {
            bytes.writeByte(rest & 0x7F | 0x80);
        }
        bytes.writeByte(rest);
        bytes.writeShort(topic.length);
        bytes.writeBytes(topic);
        if (properties) {
            bytes.writeByte(0);
        }
        bytes.writeBytes(message.payload());
        messages++;
        payloads += message.payload().length;
    }

    ByteBuf bytes() {
        return bytes;
    }

    int messages() {
        return messages;
    }

    /** Unit: bytes. */
    long payloads() {
        return payloads;
    }

    /** Completes when the network has them. */
    CompletableFuture<Void> written() {
        return written;
    }
}
