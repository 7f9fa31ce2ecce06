package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The file that records are added to. A record is its length, a checksum, its type, the ordinal of its first reference,
 * and its body. The checksum covers the segment's number too: what an earlier use of the file left is never taken for
 * a record. Owned by the journal's thread.
 */
final class Segment implements AutoCloseable {
    /** What every file begins with: the kind of file, the version of the format, the segment's number. */
    static final int HEADER = 16;

    /** Before the checked part of a record: its length and the checksum. */
    static final int FRAME = 8;

    private static final long MAGIC = 0x6f656875622e6c67L;
    private static final int VERSION = 1;
    private static final int FIRST_ORDINAL = 1;

    private final int number;
    private final Disk.Output file;
    private final CRC32C checksum = new CRC32C();
    private long end;
    private int ordinal = FIRST_ORDINAL;
    private int batchOrdinal = FIRST_ORDINAL;

    private Segment(int number, Disk.Output file) {
        this.number = number;
        this.file = file;
    }

    /** Starts a segment in a new file or one that has served before. */
    static Segment create(Disk disk, Path path, int number, ByteBuf scratch) throws IOException {
        Disk.Output file = disk.open(path);
        Segment segment = new Segment(number, file);
        try {
            segment.write(scratch.clear().writeBytes(header(number)));
            file.force();
            return segment;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    static ByteBuf header(int number) {
        return Unpooled.buffer(HEADER).writeLong(MAGIC).writeInt(VERSION).writeInt(number);
    }

    /** The reference of a segment's ordinal. */
    static long ref(int segment, int ordinal) {
        return (long) segment << 32 | ordinal;
    }

    /** The lowest reference into a segment. */
    static long first(int segment) {
        return (long) segment << 32;
    }

    /** The segment that a reference points into. */
    static int of(long ref) {
        return (int) (ref >>> 32);
    }

    static int ordinal(long ref) {
        return (int) ref;
    }

    /** False when these bytes do not begin a segment of that number. */
    static boolean startsWith(ByteBuf header, int number) {
        return header.readableBytes() >= HEADER
                && header.getLong(0) == MAGIC
                && header.getInt(Long.BYTES) == VERSION
                && header.getInt(Long.BYTES + Integer.BYTES) == number;
    }

    /** Adds the record of a change to a batch. */
    void encode(Change change, ByteBuf batch) {
        change.ref = ref(number, batchOrdinal);
        int start = batch.writerIndex();
        batch.writeLong(0).writeByte(change.type());
        Codec.number(batch, batchOrdinal);
        change.encode(batch);
        finish(batch, start, checksum, number);
        batchOrdinal += change.refs();
    }

    /** Puts length and checksum in front of a record. */
    static void finish(ByteBuf batch, int start, CRC32C checksum, int number) {
        int length = batch.writerIndex() - start - FRAME;
        batch.setInt(start, length);
        batch.setInt(start + Integer.BYTES, sum(checksum, number, batch, start + FRAME, length));
    }

    static int sum(CRC32C checksum, int number, ByteBuf bytes, int from, int length) {
        checksum.reset();
        checksum.update(number);
        checksum.update(number >>> 8);
        checksum.update(number >>> 16);
        checksum.update(bytes.internalNioBuffer(from, length));
        return (int) checksum.getValue();
    }

    /** Writes a batch behind the one before; when that fails, nothing more may be written here. */
    void write(ByteBuf batch) throws IOException {
        file.write(batch.internalNioBuffer(batch.readerIndex(), batch.readableBytes()), end);
        end += batch.readableBytes();
        ordinal = batchOrdinal;
    }

    void force() throws IOException {
        file.force();
    }

    int number() {
        return number;
    }

    /** Unit: bytes. */
    long end() {
        return end;
    }

    /** References that its records take. */
    int refs() {
        return ordinal - FIRST_ORDINAL;
    }

    /** Cuts off what an earlier use of the file left. */
    void seal() throws IOException {
        file.truncate(end);
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
