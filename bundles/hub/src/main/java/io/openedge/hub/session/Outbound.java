package io.openedge.hub.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.openedge.hub.route.Message;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to a client. What is written in one turn of the loop is gathered in one buffer and flushed once at the end of
 * the turn. Owned by the connection's loop; after {@link #close()} everything is ignored.
 */
final class Outbound {
    private static final int CHUNK = 16 * 1024;
    private static final int FIRST_CHUNK = 512;
    /** Payloads from here on are not copied into the buffer. */
    private static final int LARGE = 8 * 1024;

    private static final int LAST_WORDS_SECONDS = 1;
    private static final int PUBLISH = head(MqttMessageType.PUBLISH);

    static final int PUBACK = head(MqttMessageType.PUBACK);
    static final int PUBREC = head(MqttMessageType.PUBREC);
    static final int PUBREL = head(MqttMessageType.PUBREL) | 2;
    static final int PUBCOMP = head(MqttMessageType.PUBCOMP);
    static final int UNSUBACK = head(MqttMessageType.UNSUBACK);
    private static final int CONNACK = head(MqttMessageType.CONNACK);
    private static final int SUBACK = head(MqttMessageType.SUBACK);
    static final int PINGRESP = head(MqttMessageType.PINGRESP);

    private final Channel channel;
    private final Traffic.Tally sent;
    private final Runnable flush = this::flush;
    private @Nullable ByteBuf buffer;
    private int chunk = FIRST_CHUNK;
    private boolean scheduled;
    private boolean closed;

    Outbound(Channel channel, Traffic sent) {
        this.channel = channel;
        this.sent = sent.tally(channel.eventLoop());
    }

    /** The first byte of a packet without flags. */
    private static int head(MqttMessageType type) {
        return type.value() << 4;
    }

    /** False when the client does not read fast enough. */
    boolean writable() {
        return channel.isWritable();
    }

    void publish(Message message, int qos, boolean retain, boolean again, int packetId) {
        if (closed) {
            return;
        }
        byte[] topic = message.topic().wire();
        byte[] payload = message.payload();
        sent.count(qos, payload.length);
        int length = topic.length + payload.length + (qos > 0 ? 2 : 0);
        boolean large = payload.length >= LARGE;
        ByteBuf out = reserve(7 + topic.length + (large ? 0 : payload.length));
        out.writeByte(PUBLISH | (again ? 8 : 0) | qos << 1 | (retain ? 1 : 0));
        writeLength(out, length);
        out.writeBytes(topic);
        if (qos > 0) {
            out.writeShort(packetId);
        }
        if (large) {
            push();
            channel.write(Unpooled.wrappedBuffer(payload), channel.voidPromise());
        } else {
            out.writeBytes(payload);
        }
        schedule();
    }

    private static void writeLength(ByteBuf out, int length) {
        int rest = length;
        while (rest > 0x7f) {
            out.writeByte(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    /** One of the packets that hold nothing but a packet id. */
    void answer(int head, int packetId) {
        if (!closed) {
            reserve(4).writeByte(head).writeByte(2).writeShort(packetId);
            schedule();
        }
    }

    /** @param present whether the hub had the client's session */
    void connack(boolean present, MqttConnectReturnCode code) {
        bytes(CONNACK, 2, present ? 1 : 0, code.byteValue());
    }

    /** @param codes one for each filter */
    void subAck(int packetId, byte[] codes) {
        if (!closed) {
            ByteBuf out = reserve(7 + codes.length);
            out.writeByte(SUBACK);
            writeLength(out, 2 + codes.length);
            out.writeShort(packetId).writeBytes(codes);
            schedule();
        }
    }

    void bytes(int... raw) {
        if (!closed) {
            ByteBuf out = reserve(raw.length);
            for (int one : raw) {
                out.writeByte(one);
            }
            schedule();
        }
    }

    private ByteBuf reserve(int bytes) {
        ByteBuf out = buffer;
        if (out != null && out.readableBytes() + bytes > CHUNK) {
            push();
            out = null;
        }
        if (out == null) {
            out = channel.alloc().ioBuffer(Math.max(chunk, bytes), Math.max(bytes, CHUNK * 2));
            buffer = out;
        }
        return out;
    }

    /** Hands the buffer to the channel; the next one is about as large as this one became. */
    private void push() {
        ByteBuf out = buffer;
        if (out != null) {
            buffer = null;
            chunk = Math.min(CHUNK, Math.max(FIRST_CHUNK, out.readableBytes()));
            channel.write(out, channel.voidPromise());
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            channel.eventLoop().execute(flush);
        }
    }

    private void flush() {
        scheduled = false;
        sent.add();
        push();
        channel.flush();
    }

    /** Sends what is gathered, if the client takes it soon, and closes the channel. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        push();
        if (channel.isActive() && channel.isWritable()) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            Future<?> late = channel.eventLoop().schedule(() -> channel.close(), LAST_WORDS_SECONDS, TimeUnit.SECONDS);
            channel.closeFuture().addListener(done -> late.cancel(false));
        } else {
            channel.close();
        }
    }
}
