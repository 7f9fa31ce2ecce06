package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** How numbers, texts and bytes stand in a record: numbers with seven bits a byte, the rest behind its length. */
final class Codec {
    private Codec() {}

    static void number(ByteBuf out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    static long number(ByteBuf in) {
        long value = 0;
        int shift = 0;
        byte part;
        do {
            part = in.readByte();
            value |= (long) (part & 0x7f) << shift;
            shift += 7;
        } while (part < 0);
        return value;
    }

    static int whole(ByteBuf in) {
        return (int) number(in);
    }

    static void text(ByteBuf out, String text) {
        number(out, ByteBufUtil.utf8Bytes(text));
        ByteBufUtil.writeUtf8(out, text);
    }

    static String text(ByteBuf in) {
        int length = whole(in);
        return in.readCharSequence(length, StandardCharsets.UTF_8).toString();
    }

    static void bytes(ByteBuf out, byte[] bytes) {
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    static byte[] bytes(ByteBuf in) {
        byte[] bytes = new byte[whole(in)];
        in.readBytes(bytes);
        return bytes;
    }
}
