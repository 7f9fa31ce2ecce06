package io.openedge.function.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.openedge.function.FunctionMessage;
import org.jspecify.annotations.Nullable;

/**
 * Puts the one message of a stream together from its parts: a byte that says whether it is compressed, a length, the
 * message. On the channel's loop.
 */
final class MessageAssembler {
    private static final int PREFIX = 5;
    /** Topic, names and numbers beside the payload. */
    private static final int BESIDE_PAYLOAD = 256 << 10;

    private final int longest;
    private final String whose;
    private @Nullable CompositeByteBuf parts;
    private long expected = -1;

    /**
     * @param longest payload. Unit: bytes
     * @param whose "message" or "result", for errors
     */
    MessageAssembler(int longest, String whose) {
        this.longest = longest;
        this.whose = whose;
    }

    /** A message as it goes over the wire. */
    static ByteBuf frame(FunctionMessage message) {
        ByteBuf encoded = MessageCodec.encode(message);
        ByteBuf prefix = Unpooled.buffer(PREFIX).writeByte(0).writeInt(encoded.readableBytes());
        return Unpooled.wrappedBuffer(prefix, encoded);
    }

    /**
     * Takes the next part over.
     *
     * @return what is wrong; null when nothing is
     */
    @Nullable
    Status add(ByteBufAllocator allocator, ByteBuf part) {
        if (parts == null) {
            parts = allocator.compositeBuffer(Integer.MAX_VALUE);
        }
        parts.addComponent(true, part);
        if (expected < 0 && parts.readableBytes() >= PREFIX) {
            if (parts.readByte() != 0) {
                return new Status(Status.UNIMPLEMENTED, "a compressed " + whose + "; allowed: identity");
            }
            expected = parts.readUnsignedInt();
            if (expected > (long) longest + BESIDE_PAYLOAD) {
                return new Status(
                        Status.RESOURCE_EXHAUSTED, whose + " of " + expected + " bytes is larger than " + longest);
            }
        }
        if (expected >= 0 && parts.readableBytes() > expected) {
            return new Status(Status.INTERNAL, "more than one " + whose + " in a call");
        }
        return null;
    }

    /** Whether something has come. */
    boolean begun() {
        return parts != null;
    }

    /**
     * The whole message, once the stream has ended.
     *
     * @throws MessageCodec.Malformed when it is none or is not whole
     */
    FunctionMessage message() throws MessageCodec.Malformed {
        if (parts == null || expected < 0 || parts.readableBytes() < expected) {
            throw new MessageCodec.Malformed("the " + whose + " is not whole");
        }
        return MessageCodec.decode(parts);
    }

    /** Whether a message that was read is longer than is allowed. */
    boolean tooLong(FunctionMessage message) {
        return message.payload().length > longest;
    }

    Status tooLongStatus(FunctionMessage message) {
        return new Status(
                Status.RESOURCE_EXHAUSTED,
                whose + " of " + message.payload().length + " bytes is larger than " + longest);
    }

    /** Gives the memory back. Idempotent. */
    void release() {
        if (parts != null) {
            parts.release();
            parts = null;
        }
    }
}
