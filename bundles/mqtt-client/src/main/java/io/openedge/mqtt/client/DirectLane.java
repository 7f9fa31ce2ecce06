package io.openedge.mqtt.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes messages of QoS 0 out of what the broker sends, before the library sees it: they have no state, and their way
 * through the library takes longer than all else that happens to them. Everything else is passed on as it is, in order.
 * The first handler of a plain TCP connection. Thread rule: the connection's thread.
 */
final class DirectLane extends ByteToMessageDecoder {
    private static final int PUBLISH_QOS_0 = 0x30;
    private static final int RETAIN = 1;
    static final int INCOMPLETE = -1;
    static final int MALFORMED = -2;
    private static final int MOST_LENGTH_BYTES = 4;

    private final Consumer<MqttMessage> receiver;
    private final DirectOutbox outbox;
    private final boolean properties;
    /** What came last: topics repeat. */
    private byte[] topicBytes = {};

    private String topic = "";
    private boolean greeted;

    DirectLane(Consumer<MqttMessage> receiver, DirectOutbox outbox, MqttVersion version) {
        this.receiver = receiver;
        this.outbox = outbox;
        this.properties = version == MqttVersion.V5;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        while (out.isEmpty() && in.readableBytes() >= 2) {
            int begin = in.readerIndex();
            int head = in.getUnsignedByte(begin);
            int length = length(in, begin + 1);
            if (length == INCOMPLETE) {
                return;
            }
            if (length == MALFORMED) { // the library ends the connection
                out.add(in.readRetainedSlice(in.readableBytes()));
                return;
            }
            int body = begin + 1 + bytesOf(length);
            if (in.writerIndex() - body < length) {
                return;
            }
            if (!greeted || (head & ~RETAIN) != PUBLISH_QOS_0 || !message(in, body, length, head)) {
                greeted = true;
                out.add(in.readRetainedSlice(body + length - begin));
            } else {
                in.readerIndex(body + length);
            }
        }
    }

    /** The remaining length of a packet, which is written in as few bytes as possible. */
    static int length(ByteBuf in, int from) {
        int length = 0;
        for (int i = 0; i < MOST_LENGTH_BYTES; i++) {
            if (from + i >= in.writerIndex()) {
                return INCOMPLETE;
            }
            int digit = in.getUnsignedByte(from + i);
            length |= (digit & 0x7F) << (7 * i);
            if (digit < 0x80) {
                return digit == 0 && i > 0 ? MALFORMED : length;
            }
        }
        return MALFORMED;
    }

    static int bytesOf(int length) {
        return length < 1 << 7 ? 1 : length < 1 << 14 ? 2 : length < 1 << 21 ? 3 : 4;
    }

    /** False when it is none, which the library has to say. */
    private boolean message(ByteBuf in, int body, int length, int head) {
        if (length < 2) {
            return false;
        }
        int topicLength = in.getUnsignedShort(body);
        if (topicLength == 0 || 2 + topicLength > length || !topic(in, body + 2, topicLength)) {
            return false;
        }
        int begin = body + 2 + topicLength + (properties ? propertyBytes(in, body + 2 + topicLength) : 0);
        if (begin > body + length) {
            return false;
        }
        byte[] payload = new byte[body + length - begin];
        in.getBytes(begin, payload);
        receiver.accept(new MqttMessage(topic, payload, 0, (head & RETAIN) != 0));
        return true;
    }

    /** What is between topic and payload. MQTT 3.1.1 has no place for it, so it goes no further. */
    private static int propertyBytes(ByteBuf in, int from) {
        int length = length(in, from);
        return length < 0 ? Integer.MAX_VALUE / 2 : bytesOf(length) + length;
    }

    private boolean topic(ByteBuf in, int from, int length) {
        if (length == topicBytes.length && same(in, from)) {
            return true;
        }
        byte[] bytes = new byte[length];
        in.getBytes(from, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean plain =
                text.indexOf('\uFFFD') < 0 && text.indexOf('\0') < 0 && text.indexOf('#') < 0 && text.indexOf('+') < 0;
        if (plain && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            topicBytes = bytes;
            topic = text;
            return true;
        }
        return false;
    }

    private boolean same(ByteBuf in, int from) {
        for (int i = 0; i < topicBytes.length; i++) {
            if (in.getByte(from + i) != topicBytes[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        outbox.writable();
        super.channelWritabilityChanged(context);
    }
}
