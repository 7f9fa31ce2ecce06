package io.openedge.function.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.openedge.function.FunctionMessage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The message FunctionMessage of function.proto on the wire: seven fields, written by hand, since a code generator and its
 * run-time library would weigh thirty times as much. Stateless; any thread.
 */
final class MessageCodec {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int TYPE_BITS = 3;
    private static final int LONGEST_VARINT = 10;
    private static final byte[] NOTHING = {};

    private MessageCodec() {}

    /** What is no FunctionMessage. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** A buffer of its own; the payload is not copied. Fields that are zero or empty are left out. */
    static ByteBuf encode(FunctionMessage message) {
        ByteBuf head = Unpooled.buffer(64 + message.topic().length());
        number(head, 1, message.id());
        number(head, 2, message.qos());
        text(head, 3, message.topic());
        ByteBuf tail = Unpooled.buffer(96);
        number(tail, 10, message.timestamp() << 1 ^ message.timestamp() >> 63);
        text(tail, 11, message.functionName());
        text(tail, 12, message.functionInvokeId());
        byte[] payload = message.payload();
        if (payload.length > 0) {
            varint(head, 4 << TYPE_BITS | BYTES);
            varint(head, payload.length);
        }
        return Unpooled.wrappedBuffer(head, Unpooled.wrappedBuffer(payload), tail);
    }

    private static void number(ByteBuf out, int field, long value) {
        if (value != 0) {
            varint(out, (long) field << TYPE_BITS | VARINT);
            varint(out, value);
        }
    }

    private static void text(ByteBuf out, int field, String value) {
        if (!value.isEmpty()) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            varint(out, (long) field << TYPE_BITS | BYTES);
            varint(out, bytes.length);
            out.writeBytes(bytes);
        }
    }

    private static void varint(ByteBuf out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    /**
     * Reads a message. Unknown fields are passed over, of a field that comes twice the last counts.
     *
     * @param in is read to its end
     * @throws Malformed when it is none
     */
    static FunctionMessage decode(ByteBuf in) throws Malformed {
        Fields fields = new Fields();
        while (in.isReadable()) {
            long tag = readVarint(in);
            long field = tag >>> TYPE_BITS;
            int type = (int) (tag & 7);
            if (field == 0 || field > 0x1FFFFFFF) {
                throw new Malformed("a field with the number " + field);
            }
            if (!fields.take((int) field, type, in)) {
                pass(in, type);
            }
        }
        return fields.message();
    }

    private static final class Fields {
        private long id;
        private int qos;
        private String topic = "";
        private byte[] payload = NOTHING;
        private long timestamp;
        private String name = "";
        private String invokeId = "";

        /** False when it is a field of somebody else. */
        boolean take(int field, int type, ByteBuf in) throws Malformed {
            switch (field << TYPE_BITS | type) {
                case 1 << TYPE_BITS | VARINT -> id = readVarint(in);
                case 2 << TYPE_BITS | VARINT -> qos = (int) readVarint(in);
                case 3 << TYPE_BITS | BYTES -> topic = readText(in);
                case 4 << TYPE_BITS | BYTES -> payload = readBytes(in);
                case 10 << TYPE_BITS | VARINT -> {
                    long zigzag = readVarint(in);
                    timestamp = zigzag >>> 1 ^ -(zigzag & 1);
                }
                case 11 << TYPE_BITS | BYTES -> name = readText(in);
                case 12 << TYPE_BITS | BYTES -> invokeId = readText(in);
                default -> {
                    return false;
                }
            }
            return true;
        }

        FunctionMessage message() {
            return new FunctionMessage(id, qos, topic, payload, timestamp, name, invokeId);
        }
    }

    private static long readVarint(ByteBuf in) throws Malformed {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            if (!in.isReadable()) {
                throw new Malformed("cut inside a number");
            }
            byte next = in.readByte();
            value |= (long) (next & 0x7F) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw new Malformed("a number of more than " + LONGEST_VARINT + " bytes");
    }

    private static int readLength(ByteBuf in) throws Malformed {
        long length = readVarint(in);
        if (length < 0 || length > in.readableBytes()) {
            throw new Malformed("cut inside a field");
        }
        return (int) length;
    }

    private static byte[] readBytes(ByteBuf in) throws Malformed {
        byte[] bytes = new byte[readLength(in)];
        in.readBytes(bytes);
        return bytes;
    }

    private static String readText(ByteBuf in) throws Malformed {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(readBytes(in)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("a text that is no UTF-8");
        }
    }

    private static void pass(ByteBuf in, int type) throws Malformed {
        int length = switch (type) {
            case VARINT -> {
                readVarint(in);
                yield 0;
            }
            case FIXED64 -> Long.BYTES;
            case BYTES -> readLength(in);
            case FIXED32 -> Integer.BYTES;
            default -> throw new Malformed("a field of the wire type " + type);
        };
        if (length > in.readableBytes()) {
            throw new Malformed("cut inside a field");
        }
        in.skipBytes(length);
    }
}
