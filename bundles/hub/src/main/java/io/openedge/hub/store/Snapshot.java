package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** A picture of the state as it was before the first record of a segment. */
final class Snapshot {
    private static final long MAGIC = 0x6f656875622e7374L;
    private static final int VERSION = 2;
    private static final int HEADER = 16;

    private Snapshot() {}

    /** The bytes of a picture. */
    static ByteBuf of(Picture picture) {
        ByteBuf out = Unpooled.buffer();
        out.writeLong(MAGIC).writeInt(VERSION).writeInt(0);
        picture.encode(out);
        out.setInt(HEADER - Integer.BYTES, sum(out));
        return out;
    }

    private static int sum(ByteBuf bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.nioBuffer(HEADER, bytes.writerIndex() - HEADER));
        return (int) checksum.getValue();
    }

    /** Puts a picture on the disk: afterwards it is there as a whole. */
    static void write(Disk disk, Path file, ByteBuf bytes) throws IOException {
        Path draft = Folder.draft(file);
        try (Disk.Output out = disk.open(draft)) {
            out.truncate(0);
            out.write(bytes.nioBuffer(), 0);
            out.force();
        } catch (IOException e) {
            Files.deleteIfExists(draft); // it may hold the last space there is
            throw e;
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(file.toAbsolutePath().getParent());
    }

    /** Names in a directory are on the disk when it returns. */
    static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Reads a picture.
     *
     * @throws IOException when it cannot be read, or is not what was written
     */
    static State read(Path file) throws IOException {
        ByteBuf bytes = Unpooled.wrappedBuffer(Files.readAllBytes(file));
        if (bytes.readableBytes() < HEADER
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(Long.BYTES) != VERSION
                || bytes.getInt(HEADER - Integer.BYTES) != sum(bytes)) {
            throw new IOException(file + " is damaged, or was not written by this version of the hub");
        }
        return State.decode(bytes.skipBytes(HEADER));
    }
}
