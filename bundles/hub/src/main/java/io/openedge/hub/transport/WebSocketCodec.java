package io.openedge.hub.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Map;

/**
 * Frames of a WebSocket (RFC 6455, section 5) to bytes and back. A frame is never gathered: its bytes go on as they come,
 * unmasked where they lie, so that the limits on packets are the only ones and a frame may be of any length. Only binary
 * frames are taken. Pings are answered unless the client does not read. One instance a channel, on its loop.
 */
final class WebSocketCodec extends ChannelDuplexHandler {
    /** Codes of a Close frame. */
    private static final int GOING = 1000;

    private static final int PROTOCOL = 1002;
    private static final int NO_BINARY = 1003;

    private static final Map<Integer, String> REASONS = Map.of(
            GOING, "it closed its WebSocket",
            PROTOCOL, "it sent a frame that is no WebSocket's",
            NO_BINARY, "it sent a frame of text");

    private static final int LONGEST_HEAD = 10;
    private static final int BINARY = 0x82;
    private static final int CLOSE = 0x88;
    private static final int PONG = 0x8A;

    private final FrameHead head = new FrameHead();
    private final byte[] control = new byte[FrameHead.LONGEST_CONTROL];
    private long position;
    private boolean answered;
    private int ending;
    private boolean over;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        int from = in.readerIndex();
        int to = from;
        while (ending == 0 && !over && in.isReadable()) {
            if (!head.complete()) {
                head(in);
            }
            if (ending == 0 && head.complete()) {
                to = payload(ctx, in, to);
            }
        }
        if (to > from) {
            ctx.fireChannelRead(in.setIndex(from, to));
        } else {
            in.release();
        }
        if (ending > 0 && !over) { // behind the data before it, which may have to wait and may be a DISCONNECT
            ctx.fireUserEventTriggered(new InputEnd(REASONS.get(ending)));
        }
    }

    private void head(ByteBuf in) {
        FrameHead.Fault fault = head.read(in);
        if (fault != null) {
            ending = fault == FrameHead.Fault.NO_BINARY ? NO_BINARY : PROTOCOL;
        }
    }

    /** Takes what is there of a frame; data moves to where those before it end. Answers where it ends then. */
    private int payload(ChannelHandlerContext ctx, ByteBuf in, int to) {
        int length = (int) Math.min(in.readableBytes(), head.length() - position);
        int end = to;
        if (head.control()) {
            for (int i = 0; i < length; i++) {
                control[(int) position + i] =
                        (byte) (in.readByte() ^ head.mask() >>> 24 - 8 * ((int) position + i & 3));
            }
        } else {
            unmask(in, to, length);
            end += length;
        }
        position += length;
        if (position == head.length()) {
            if (head.control()) {
                answer(ctx);
            }
            position = 0;
            head.next();
        }
        return end;
    }

    private void unmask(ByteBuf in, int to, int length) {
        int from = in.readerIndex();
        int mask = Integer.rotateLeft(head.mask(), 8 * (int) (position & 3));
        int i = 0;
        for (; i + 4 <= length; i += 4) {
            in.setInt(to + i, in.getInt(from + i) ^ mask);
        }
        for (; i < length; i++) {
            in.setByte(to + i, in.getByte(from + i) ^ mask >>> 24 - 8 * (i & 3));
        }
        in.skipBytes(length);
    }

    private void answer(ChannelHandlerContext ctx) {
        int length = (int) head.length();
        if (head.close()) {
            ending = GOING;
        } else if (head.ping() && ctx.channel().isWritable()) {
            ctx.write(frame(ctx, PONG, length).writeBytes(control, 0, length), ctx.voidPromise());
            answered = true;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (answered) {
            answered = false;
            ctx.flush();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        int length = ((ByteBuf) message).readableBytes();
        if (length > 0) {
            ctx.write(frame(ctx, BINARY, length), ctx.voidPromise());
        }
        ctx.write(message, promise);
    }

    private static ByteBuf frame(ChannelHandlerContext ctx, int first, int length) {
        ByteBuf out = ctx.alloc().ioBuffer(LONGEST_HEAD).writeByte(first);
        if (length <= FrameHead.LONGEST_CONTROL) {
            return out.writeByte(length);
        }
        return length <= 0xffff
                ? out.writeByte(126).writeShort(length)
                : out.writeByte(127).writeLong(length);
    }

    /** Says why and closes; nothing that comes is taken any more. */
    private void end(ChannelHandlerContext ctx, int code, ChannelPromise closed) {
        over = true;
        if (ctx.channel().isActive()) {
            ctx.write(frame(ctx, CLOSE, 2).writeShort(code), ctx.voidPromise());
            ctx.flush();
        }
        ctx.close(closed);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (over) {
            ctx.close(promise);
        } else {
            end(ctx, ending > 0 ? ending : GOING, promise);
        }
    }
}
