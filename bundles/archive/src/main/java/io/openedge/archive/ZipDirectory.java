package io.openedge.archive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The central directory of a zip file (PKWARE's APPNOTE, sections 4.3.12 to 4.3.16): what the JDK's reader does not tell,
 * the kind of an entry and its permissions. Stateless.
 */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_BYTES = 56;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_BYTES = 20;
    private static final int HEADER = 0x02014b50;
    private static final int HEADER_BYTES = 46;
    private static final int MAX_COMMENT = 0xffff;
    private static final int MAX_DIRECTORY_BYTES = 64 << 20;
    private static final int UNIX = 3;
    private static final int DARWIN = 19;

    private ZipDirectory() {}

    /** What an entry is. */
    enum Kind {
        FILE,
        FOLDER,
        LINK,
        /** A device, a pipe or a socket. */
        SPECIAL
    }

    /**
     * An entry.
     *
     * @param rawName as the archive has it
     * @param kind of it
     * @param executable whether its owner may execute it
     */
    record Entry(String rawName, Kind kind, boolean executable) {}

    /** @throws ArchiveException when it is no zip file, or has more than {@code most} entries */
    static List<Entry> read(Path zip, int most) throws IOException {
        try (FileChannel file = FileChannel.open(zip, StandardOpenOption.READ)) {
            ByteBuffer directory = directory(file);
            List<Entry> entries = new ArrayList<>();
            while (directory.hasRemaining()) {
                if (entries.size() == most) {
                    throw new ArchiveException("the archive has too many entries; allowed: up to " + most);
                }
                entries.add(entry(directory));
            }
            return entries;
        }
    }

    private static ByteBuffer directory(FileChannel file) throws IOException {
        long end = end(file);
        ByteBuffer record = at(file, end, END_BYTES);
        long length = Integer.toUnsignedLong(record.getInt(12));
        if (end >= LOCATOR_64_BYTES) {
            ByteBuffer locator = at(file, end - LOCATOR_64_BYTES, LOCATOR_64_BYTES);
            if (locator.getInt(0) == LOCATOR_64) {
                long end64 = locator.getLong(8);
                ByteBuffer record64 = at(file, end64, END_64_BYTES);
                if (record64.getInt(0) != END_64) {
                    throw damaged();
                }
                length = record64.getLong(40);
                end = end64;
            }
        }
        if (length < 0 || length > MAX_DIRECTORY_BYTES || length > end) {
            throw damaged();
        }
        return at(file, end - length, (int) length);
    }

    private static long end(FileChannel file) throws IOException {
        long size = file.size();
        int length = (int) Math.min(size, END_BYTES + MAX_COMMENT);
        ByteBuffer tail = at(file, size - length, length);
        for (int at = length - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END && at + END_BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) == length) {
                return size - length + at;
            }
        }
        throw new ArchiveException("the archive is no zip file, or was cut");
    }

    private static Entry entry(ByteBuffer directory) throws IOException {
        int start = directory.position();
        if (directory.remaining() < HEADER_BYTES || directory.getInt(start) != HEADER) {
            throw damaged();
        }
        int host = Byte.toUnsignedInt(directory.get(start + 5));
        int nameLength = Short.toUnsignedInt(directory.getShort(start + 28));
        int rest = Short.toUnsignedInt(directory.getShort(start + 30))
                + Short.toUnsignedInt(directory.getShort(start + 32));
        int mode = host == UNIX || host == DARWIN ? directory.getInt(start + 38) >>> 16 : 0;
        if (directory.remaining() < HEADER_BYTES + nameLength + rest) {
            throw damaged();
        }
        String name = name(directory.slice(start + HEADER_BYTES, nameLength));
        directory.position(start + HEADER_BYTES + nameLength + rest);
        return new Entry(name, kind(name, mode), (mode & 0100) != 0);
    }

    private static String name(ByteBuffer bytes) throws ArchiveException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new ArchiveException("the archive has a name that is not UTF-8; allowed: names in UTF-8");
        }
    }

    /** The type bits of stat(2). */
    private static Kind kind(String name, int mode) {
        return switch (mode & 0170000) {
            case 0 -> name.endsWith("/") ? Kind.FOLDER : Kind.FILE;
            case 0100000 -> name.endsWith("/") ? Kind.SPECIAL : Kind.FILE;
            case 0040000 -> Kind.FOLDER;
            case 0120000 -> Kind.LINK;
            default -> Kind.SPECIAL;
        };
    }

    private static ByteBuffer at(FileChannel file, long position, int length) throws IOException {
        if (position < 0) {
            throw damaged();
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("the archive was cut while it was read");
            }
        }
        return bytes.flip();
    }

    private static ArchiveException damaged() {
        return new ArchiveException("the directory of the archive is damaged");
    }
}
