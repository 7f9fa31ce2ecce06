package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Leaves out of a segment what nobody needs. References stay as they are. */
final class Rewrite {
    private static final int PIECE = 256 * 1024;

    private Rewrite() {}

    /** @param live references that are needed, in order */
    static void of(Disk disk, Folder folder, int number, long[] live) throws IOException {
        Path file = folder.segment(number);
        Path draft = Folder.draft(file);
        try (Records records = new Records(file, number);
                Disk.Output out = disk.open(draft)) {
            out.truncate(0);
            copy(records, out, Segment.header(number), live);
            out.force();
        } catch (IOException e) {
            Files.deleteIfExists(draft); // it may hold the last space there is
            throw e;
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        Snapshot.forceDirectory(folder.path());
    }

    private static void copy(Records records, Disk.Output out, ByteBuf header, long[] live) throws IOException {
        ByteBuf piece = Unpooled.buffer(PIECE).writeBytes(header);
        long end = 0;
        int next = 0;
        while (next < live.length && records.next()) {
            int first = records.ordinal();
            int after = records.message() ? first + records.refs() : first;
            while (next < live.length && Segment.ordinal(live[next]) < first) {
                next++;
            }
            boolean needed = next < live.length && Segment.ordinal(live[next]) < after;
            if (needed) {
                piece.writeBytes(records.bytes());
            }
            if (piece.readableBytes() >= PIECE) {
                end = write(piece, out, end);
            }
        }
        write(piece, out, end);
    }

    private static long write(ByteBuf piece, Disk.Output out, long position) throws IOException {
        int length = piece.readableBytes();
        out.write(piece.nioBuffer(), position);
        piece.clear();
        return position + length;
    }
}
