package io.openedge.hub.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.openedge.hub.session.Broker;
import io.openedge.hub.session.Connection;
import io.openedge.hub.session.Input;
import io.openedge.hub.store.MemoryBudget;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a client to calls of its {@link Connection}. PUBLISH and its acknowledgements, of which there are many, are
 * decoded here without an object a packet; all others by {@link RarePackets}. The length is checked before anything is
 * kept for it. One instance a channel, on its loop.
 *
 * <p>While the connection pauses, packets stay undecoded and the channel is not read.
 */
final class PacketDecoder extends ChannelInboundHandlerAdapter implements Input {
    private static final int CONNECT = MqttMessageType.CONNECT.value() << 4;
    private static final int LENGTH_BYTES = 4;
    /** Flags of the first byte by packet type, where they are fixed; -1: by the type itself. */
    private static final int[] FLAGS = {-2, 0, -2, -1, 0, 0, 2, 0, 2, -2, 2, -2, 0, -2, 0, -2};

    private static final int DUP = 8;
    /** Of the packets that MQTT 3.1 sends again with DUP, and MQTT 3.1.1 does not. */
    private static final int REQUEST = 2;

    private final Broker broker;
    private final Runnable loggedIn;
    private final TopicCache topics;
    private @Nullable Connection connection;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf read;
    private int kept;
    private boolean first = true;
    private boolean paused;
    private boolean ended;
    private boolean decoding;
    private @Nullable InputEnd end;

    /** @param loggedIn runs once, after the CONNECT */
    PacketDecoder(Broker broker, Runnable loggedIn) {
        this.broker = broker;
        this.loggedIn = loggedIn;
        topics = new TopicCache(broker.limits().topics());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        connection = new Connection(broker, ctx.channel(), this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (ended) {
            bytes.release();
            return;
        }
        read = read == null ? bytes : cumulate(ctx.alloc(), read, bytes);
        decode();
    }

    /** The last packets may have to wait. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof InputEnd over) {
            end = over;
            decode();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private static ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf before, ByteBuf bytes) {
        return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, bytes);
    }

    private void decode() {
        if (decoding) {
            return;
        }
        Connection client = client();
        ByteBuf in = read;
        if (in != null) {
            decode(in, client);
        }
        if (end != null && !paused && !ended) {
            reject(client, end.reason());
        }
    }

    private void decode(ByteBuf in, Connection client) {
        decoding = true;
        try {
            while (!paused && !ended && decodeOne(in, client)) {
                if (first) {
                    first = false;
                    loggedIn.run();
                }
            }
        } catch (RuntimeException | Error e) {
            ended = true;
            client.failed(e);
        } finally {
            decoding = false;
        }
        if (ended || !in.isReadable()) {
            in.release();
            read = null;
        }
        account(client);
    }

    /** Who sends half a packet when there is no memory for it is closed; who was told to wait is not to blame. */
    private void account(Connection client) {
        MemoryBudget memory = broker.memory().receiving();
        int more = (read == null ? 0 : read.capacity()) - kept;
        kept += more;
        if (!memory.owe(more) && more > 0 && !paused && read != null) {
            reject(client, "there is no memory for packets that are not whole");
            read.release();
            read = null;
            account(client);
        }
    }

    /** False when there is no whole packet. */
    private boolean decodeOne(ByteBuf in, Connection client) {
        int start = in.readerIndex();
        int readable = in.readableBytes();
        if (readable == 0) {
            return false;
        }
        int head = in.getUnsignedByte(start);
        if (first && head != CONNECT) {
            return reject(client, "its first packet is no CONNECT");
        }
        if (!flagsFit(head, client)) {
            return reject(client, "it sent a packet that no client may send");
        }
        int length = 0;
        for (int i = 1; i <= LENGTH_BYTES; i++) {
            if (readable <= i) {
                return false;
            }
            int part = in.getUnsignedByte(start + i);
            length |= (part & 0x7f) << 7 * (i - 1);
            if ((part & 0x80) == 0) {
                return length > limit()
                        ? reject(client, "its packet of " + length + " bytes is longer than " + limit())
                        : readable >= 1 + i + length && packet(in, client, head, 1 + i, length);
            }
        }
        return reject(client, "the length of its packet has more than four bytes");
    }

    private int limit() {
        return first ? broker.limits().connectPacket() : broker.limits().packet();
    }

    private static boolean flagsFit(int head, Connection client) {
        int expected = FLAGS[head >> 4];
        int flags = head & 0x0f;
        return expected == -1
                ? (head & 0x06) != 0x06
                : flags == expected || expected == REQUEST && flags == (REQUEST | DUP) && client.old();
    }

    private boolean packet(ByteBuf in, Connection client, int head, int header, int length) {
        int start = in.readerIndex();
        int end = start + header + length;
        MqttMessageType type = MqttMessageType.valueOf(head >> 4);
        switch (type) {
            case PUBLISH -> {
                in.readerIndex(start + header);
                if (!publish(in, client, head, end)) {
                    return false;
                }
            }
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> {
                if (length != 2 || in.getUnsignedShort(start + header) == 0) {
                    return reject(client, "its acknowledgement is malformed");
                }
                client.acknowledged(type, in.getUnsignedShort(start + header));
            }
            default -> {
                in.readerIndex(start + header);
                if (!RarePackets.read(type, new Fields(in, end), client)) {
                    return reject(client, "its packet is malformed");
                }
            }
        }
        if (!ended) {
            in.readerIndex(end);
        }
        return !ended;
    }

    private boolean publish(ByteBuf in, Connection client, int head, int end) {
        int qos = head >> 1 & 3;
        int idBytes = qos > 0 ? 2 : 0;
        if (end - in.readerIndex() < 2) {
            return reject(client, "its PUBLISH is cut");
        }
        int topicLength = in.readUnsignedShort();
        if (end - in.readerIndex() < topicLength + idBytes) {
            return reject(client, "its PUBLISH is cut");
        }
        var topic = topics.read(in, topicLength);
        int id = qos > 0 ? in.readUnsignedShort() : 0;
        if (topic == null) {
            return reject(client, "the topic of its PUBLISH is not allowed");
        }
        if (qos > 0 && id == 0 || qos == 0 && (head & DUP) != 0) {
            return reject(client, "its PUBLISH is malformed");
        }
        byte[] payload = new byte[end - in.readerIndex()];
        in.readBytes(payload);
        client.publish(topic, payload, qos, (head & 1) != 0, id);
        return true;
    }

    private boolean reject(Connection client, String reason) {
        ended = true;
        client.malformed(reason);
        return false;
    }

    @Override
    public void pause() {
        paused = true;
        channelContext().channel().config().setAutoRead(false);
    }

    @Override
    public void resume() {
        paused = false;
        ChannelHandlerContext ctx = channelContext();
        if (!decoding) {
            ctx.channel().eventLoop().execute(() -> {
                decode();
                client().turnEnded();
                readOn(ctx);
            });
        } else {
            readOn(ctx);
        }
    }

    private void readOn(ChannelHandlerContext ctx) {
        if (!paused && !ended) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    @Override
    public Optional<X509Certificate> certificate() {
        return Security.shown(channelContext().channel());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        client().turnEnded();
        if (read != null) {
            read.discardSomeReadBytes();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Connection client = client();
        try {
            client.writabilityChanged();
        } catch (RuntimeException | Error e) {
            client.failed(e);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        if (read != null && !decoding) {
            read.release();
            read = null;
            account(client());
        }
        client().closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Security.reason(cause).ifPresentOrElse(client()::malformed, () -> client().broken(cause));
    }

    private Connection client() {
        return Objects.requireNonNull(connection, "not active yet");
    }

    private ChannelHandlerContext channelContext() {
        return Objects.requireNonNull(context, "not active yet");
    }
}
