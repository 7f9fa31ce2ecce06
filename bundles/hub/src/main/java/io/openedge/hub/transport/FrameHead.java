package io.openedge.hub.transport;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The head of a WebSocket frame from a client, read as its bytes come, and what is remembered from one frame to the
 * next. On the channel's loop.
 */
final class FrameHead {
    static final int LONGEST_CONTROL = 125;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int MASK_BYTES = 4;

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private int read;
    private int lengthBytes;
    private int opcode;
    private boolean last;
    private boolean fragmented;
    private boolean complete;
    private long length;
    private int mask;

    /** Why a frame is refused. */
    enum Fault {
        PROTOCOL,
        NO_BINARY
    }

    /** Reads what is there of it; null when there is no fault. */
    @Nullable
    Fault read(ByteBuf in) {
        while (!complete && in.isReadable()) {
            int next = in.readUnsignedByte();
            Fault fault = null;
            if (read == 0) {
                fault = first(next);
            } else if (read == 1) {
                fault = second(next);
            } else if (read < 2 + lengthBytes) {
                length = length << 8 | next;
                fault = length < 0 ? Fault.PROTOCOL : null;
            } else {
                mask = mask << 8 | next;
            }
            if (fault != null) {
                return fault;
            }
            read++;
            complete = read == 2 + lengthBytes + MASK_BYTES;
        }
        return null;
    }

    private @Nullable Fault first(int next) {
        last = (next & FIN) != 0;
        opcode = next & 0x0f;
        boolean fits = switch (opcode) {
            case CONTINUATION -> fragmented;
            case TEXT, BINARY -> !fragmented;
            case CLOSE, PING, PONG -> last;
            default -> false;
        };
        if (!fits || (next & RESERVED) != 0) {
            return Fault.PROTOCOL;
        }
        return opcode == TEXT ? Fault.NO_BINARY : null;
    }

    private @Nullable Fault second(int next) {
        int given = next & 0x7f;
        lengthBytes = given == 126 ? 2 : given == 127 ? 8 : 0;
        length = lengthBytes == 0 ? given : 0;
        mask = 0;
        return (next & MASKED) == 0 || control() && given > LONGEST_CONTROL ? Fault.PROTOCOL : null;
    }

    boolean complete() {
        return complete;
    }

    /** The frame is over. */
    void next() {
        if (!control()) {
            fragmented = !last;
        }
        complete = false;
        read = 0;
        lengthBytes = 0;
    }

    boolean control() {
        return opcode >= CLOSE;
    }

    boolean close() {
        return opcode == CLOSE;
    }

    boolean ping() {
        return opcode == PING;
    }

    /** Unit: bytes. */
    long length() {
        return length;
    }

    /** Its first byte is the highest. */
    int mask() {
        return mask;
    }
}
