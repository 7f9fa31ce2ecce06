package io.openedge.hub.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder at the end of the pipeline, given one whole packet at a time and asked for the result at once: one that
 * is cut can then not wait for, and eat, bytes of the next. After a packet that it could not decode it is of no use. One
 * instance a channel, on its loop.
 */
final class FrameCodec extends ChannelInboundHandlerAdapter {
    private static final int LONGEST_CLIENT_ID = 65_535;

    private final MqttDecoder decoder;
    private @Nullable MqttMessage decoded;

    FrameCodec(int longestPacket) {
        decoder = new MqttDecoder(longestPacket, LONGEST_CLIENT_ID);
    }

    void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(decoder, this);
    }

    /**
     * Decodes a packet.
     *
     * @param ctx of the handler before
     * @return null when the packet is cut, or a SUBSCRIBE that MQTT 3.1.1 does not know
     */
    @Nullable
    MqttMessage decode(ChannelHandlerContext ctx, ByteBuf packet) {
        decoded = null;
        ctx.fireChannelRead(packet.retain());
        return decoded instanceof MqttSubscribeMessage && reservedBits(packet) ? null : decoded;
    }

    /** [MQTT-3-8.3-4]: beside each QoS six bits are 0. Netty takes them for the options of MQTT 5. */
    private static boolean reservedBits(ByteBuf packet) {
        int at = 1;
        while ((packet.getByte(at) & 0x80) != 0) {
            at++;
        }
        for (at += 3; at < packet.writerIndex(); at++) {
            at += 2 + packet.getUnsignedShort(at);
            if ((packet.getByte(at) & 0xFC) != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof MqttMessage packet) {
            decoded = packet;
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /** The decoder failed: there is no packet. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        decoded = null;
    }
}
