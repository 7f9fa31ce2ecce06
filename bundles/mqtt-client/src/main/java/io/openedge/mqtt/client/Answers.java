package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.codec.encoder.MqttEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Makes the library understand how mosquitto refuses a message above its {@code message_size_limit}: with a reason code that
 * MQTT 5 has for the end of a connection only. The library would end the connection, and send the message again for ever. It
 * gets another code instead, which says of messages what they never say of themselves here: {@link #TOO_LARGE}. Thread rule:
 * the connection's thread.
 */
final class Answers extends ByteToMessageDecoder {
    /** In the code's own words: payload format invalid. */
    static final int TOO_LARGE = 0x99;

    private static final int PACKET_TOO_LARGE = 0x95;
    private static final int PUBACK = 0x40;
    private static final int PUBREC = 0x50;
    private static final int ID_BYTES = 2;

    /** Goes before the library's handlers, and puts this in its place when the first packet goes out: before any comes. */
    static ChannelHandler placer() {
        return new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object bytes, ChannelPromise written) {
                context.write(bytes, written);
                if (context.pipeline().get(MqttEncoder.NAME) != null) { // TLS and WebSocket have their connection
                    context.pipeline().addBefore(MqttEncoder.NAME, null, new Answers());
                    context.pipeline().remove(this);
                }
            }
        };
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int begin = in.readerIndex();
        int length = DirectLane.length(in, begin + 1);
        int body = begin + 1 + DirectLane.bytesOf(length);
        int end = body + length;
        if (length == DirectLane.MALFORMED) { // the library ends the connection
            out.add(in.readRetainedSlice(in.readableBytes()));
        } else if (length != DirectLane.INCOMPLETE && end <= in.writerIndex()) {
            int kind = in.getUnsignedByte(begin);
            int reason = body + ID_BYTES;
            if ((kind == PUBACK || kind == PUBREC) && reason < end && in.getUnsignedByte(reason) == PACKET_TOO_LARGE) {
                in.setByte(reason, TOO_LARGE);
            }
            out.add(in.readRetainedSlice(end - begin));
        }
    }
}
