package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** Reads the records of a segment, up to the first that is not whole. Owned by one thread. */
final class Records implements AutoCloseable {
    private static final int PIECE = 64 * 1024;
    /** As large as a buffer for them should be. Unit: bytes. */
    static final int BUFFER = 2 * PIECE;

    private final int segment;
    private final FileChannel file;
    private final CRC32C checksum = new CRC32C();
    private final ByteBuf buffer;
    private final boolean ours;
    /** Where in the file the buffer's readable bytes begin: at the record. */
    private long position;

    private int type;
    private int ordinal;
    private int bodyStart;
    private int bodyEnd;

    Records(Path path, int segment) throws IOException {
        this(path, segment, Unpooled.buffer(BUFFER));
    }

    /** @param buffer what is read is kept in */
    Records(Path path, int segment, ByteBuf buffer) throws IOException {
        this.segment = segment;
        this.buffer = buffer.clear();
        file = FileChannel.open(path, StandardOpenOption.READ);
        ours = fill(Segment.HEADER) && Segment.startsWith(buffer, segment);
        seek(Segment.HEADER);
    }

    /** Goes on with the record at an offset. */
    void seek(long offset) {
        buffer.clear();
        position = offset;
        bodyEnd = 0;
    }

    /** Goes to the next record; false at the end of those that are whole. */
    boolean next() throws IOException {
        position += bodyEnd - buffer.readerIndex();
        buffer.readerIndex(bodyEnd);
        if (!ours || !fill(Segment.FRAME)) {
            return false;
        }
        int length = buffer.getInt(buffer.readerIndex());
        if (length <= 0 || !fits(length) || !fill(Segment.FRAME + length)) {
            return false;
        }
        int from = buffer.readerIndex() + Segment.FRAME;
        if (buffer.getInt(from - Integer.BYTES) != Segment.sum(checksum, segment, buffer, from, length)) {
            return false;
        }
        bodyEnd = from + length;
        ByteBuf head = buffer.slice(from, length);
        type = head.readByte();
        ordinal = Codec.whole(head);
        bodyStart = from + head.readerIndex();
        return true;
    }

    /** False when the file ends before: then it is no length. The file is asked only for what has not been read. */
    private boolean fits(int length) throws IOException {
        return length <= buffer.readableBytes() - Segment.FRAME || length <= file.size() - position;
    }

    private boolean fill(int wanted) throws IOException {
        if (buffer.readableBytes() >= wanted) {
            return true;
        }
        bodyEnd -= buffer.readerIndex();
        buffer.discardReadBytes();
        buffer.ensureWritable(Math.max(PIECE, wanted - buffer.readableBytes()));
        while (buffer.readableBytes() < wanted) {
            int read = buffer.writeBytes(file, position + buffer.readableBytes(), buffer.writableBytes());
            if (read < 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the record begins; when there is none, where one would. */
    long offset() {
        return position;
    }

    int ordinal() {
        return ordinal;
    }

    /** Whether it is a message. */
    boolean message() {
        return type == Change.MESSAGE;
    }

    /** References that a message takes. */
    int refs() {
        return MessageChange.refs(buffer.slice(bodyStart, bodyEnd - bodyStart));
    }

    /** What it says. Throws when it was not written by us. */
    Change change() {
        return Change.decode(type, buffer.slice(bodyStart, bodyEnd - bodyStart), Segment.ref(segment, ordinal));
    }

    /** The whole record as it stands in the file; good until the next one. */
    ByteBuf bytes() {
        return buffer.slice(buffer.readerIndex(), bodyEnd - buffer.readerIndex());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
