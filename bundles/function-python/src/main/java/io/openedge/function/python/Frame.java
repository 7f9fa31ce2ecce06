package io.openedge.function.python;

import io.openedge.function.FunctionMessage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What travels between a worker and its host: u32 length of the rest, u8 kind, u64 call, body. Integers are big-endian.
 *
 * @param kind what it is
 * @param call which call it belongs to; 0: none
 * @param head first part of the body
 * @param tail second part; kept apart so that payloads are not copied
 */
record Frame(Kind kind, long call, byte[] head, byte[] tail) {
    private static final byte[] NOTHING = {};
    private static final int KIND_AND_CALL = 9;
    private static final int LONGEST_TEXT = 1 << 17;
    private static final int AT_ONCE = 1 << 20;
    private static final Kind[] KINDS = Kind.values();

    /** In the order of their numbers, from 1. */
    enum Kind {
        /** Host: protocol and configuration, JSON. */
        HELLO,
        /** Worker: the functions are loaded, JSON. */
        READY,
        /** Host: a call. */
        CALL,
        /** Worker: the result of a call. */
        ANSWER,
        /** Worker: u8 code, text; call 0: it cannot start. */
        ERROR,
        /** Worker: a text for the log. */
        LOG,
        /** Host: end after the call that runs. */
        STOP
    }

    static Frame of(Kind kind, byte[] body) {
        return new Frame(kind, 0, body, NOTHING);
    }

    static Frame stop() {
        return of(Kind.STOP, NOTHING);
    }

    /** The call of a function; the texts of the message are at most 65535 bytes long. */
    static Frame call(long call, FunctionMessage message) {
        byte[] topic = message.topic().getBytes(StandardCharsets.UTF_8);
        byte[] name = message.functionName().getBytes(StandardCharsets.UTF_8);
        byte[] invoke = message.functionInvokeId().getBytes(StandardCharsets.UTF_8);
        ByteBuffer head = ByteBuffer.allocate(15 + topic.length + name.length + invoke.length);
        head.put((byte) message.qos()).putLong(message.timestamp());
        head.putShort((short) topic.length).putShort((short) name.length).putShort((short) invoke.length);
        head.put(topic).put(name).put(invoke);
        return new Frame(Kind.CALL, call, head.array(), message.payload());
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(KIND_AND_CALL + head.length + tail.length);
        out.writeByte(kind.ordinal() + 1);
        out.writeLong(call);
        out.write(head);
        out.write(tail);
    }

    /**
     * Reads the next frame.
     *
     * @param longest result that is allowed
     * @throws EOFException at the end of input
     * @throws IOException when what comes is no frame
     */
    static Frame read(DataInputStream in, int longest) throws IOException {
        int length = in.readInt() - KIND_AND_CALL;
        int kind = in.readUnsignedByte() - 1;
        long call = in.readLong();
        if (length < 0 || length > Math.max(longest, LONGEST_TEXT) || kind < 0 || kind >= KINDS.length) {
            throw new IOException("a frame that is none: kind " + (kind + 1) + ", " + length + " bytes");
        }
        return new Frame(KINDS[kind], call, body(in, length), NOTHING);
    }

    /** What is announced is only believed once it is there. */
    private static byte[] body(DataInputStream in, int length) throws IOException {
        if (length > AT_ONCE) {
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException();
            }
            return body;
        }
        byte[] body = new byte[length];
        in.readFully(body);
        return body;
    }

    String text() {
        return new String(head, StandardCharsets.UTF_8);
    }
}
