package io.openedge.hub.transport;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one packet, read one after the other. What is cut, or no UTF-8, reads as nothing, and is told in the end
 * by {@link #sound}. Owned by one thread.
 */
final class Fields {
    private static final byte[] NOTHING = new byte[0];

    private final ByteBuf in;
    private final int end;
    private boolean sound = true;

    /** @param end where the packet ends; it begins at the reader's index */
    Fields(ByteBuf in, int end) {
        this.in = in;
        this.end = end;
    }

    private boolean has(int bytes) {
        sound &= end - in.readerIndex() >= bytes;
        return sound;
    }

    int one() {
        return has(1) ? in.readUnsignedByte() : 0;
    }

    int two() {
        return has(2) ? in.readUnsignedShort() : 0;
    }

    byte[] bytes() {
        int length = two();
        if (length == 0 || !has(length)) {
            return NOTHING;
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }

    String text() {
        byte[] bytes = bytes();
        String text = utf8(bytes, bytes.length);
        sound &= text != null;
        return text == null ? "" : text;
    }

    /** Whether there is more. */
    boolean more() {
        return sound && in.readerIndex() < end;
    }

    /** The packet is malformed. */
    void wrong() {
        sound = false;
    }

    /** Whether everything was there, and nothing is left. */
    boolean sound() {
        return sound && in.readerIndex() == end;
    }

    /** The text; null when it is no UTF-8. */
    static @Nullable String utf8(byte[] bytes, int length) {
        boolean ascii = true;
        for (int i = 0; ascii && i < length; i++) {
            ascii = bytes[i] >= 0;
        }
        if (ascii) {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
        try {
            ByteBuffer encoded = ByteBuffer.wrap(bytes, 0, length);
            return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
