package io.openedge.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Writes zip files that no honest program writes. */
public final class RawZip {
    public static final int FILE = 0100644;
    public static final int PROGRAM = 0100755;
    public static final int FOLDER = 0040755;
    public static final int LINK = 0120777;

    private final List<Entry> entries = new ArrayList<>();

    private record Entry(byte[] name, int mode, byte[] content, long crc, int offset) {}

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public RawZip entry(String name, int mode, String content) {
        return entry(name.getBytes(StandardCharsets.UTF_8), mode, content.getBytes(StandardCharsets.UTF_8), 0);
    }

    /** @param wrong is added to the CRC-32 */
    public RawZip entry(byte[] name, int mode, byte[] content, int wrong) {
        CRC32 crc = new CRC32();
        crc.update(content);
        Entry entry = new Entry(name, mode, content, crc.getValue() + wrong, out.size());
        entries.add(entry);
        ByteBuffer header = buffer(30).putInt(0x04034b50).putShort((short) 20);
        header.putShort(6, (short) 0x800)
                .putInt(14, (int) entry.crc())
                .putInt(18, content.length)
                .putInt(22, content.length)
                .putShort(26, (short) name.length);
        out.writeBytes(header.array());
        out.writeBytes(name);
        out.writeBytes(content);
        return this;
    }

    public RawZip file(String name, String content) {
        return entry(name, FILE, content);
    }

    public Path write(Path file) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(out.toByteArray());
        int start = all.size();
        for (Entry entry : entries) {
            ByteBuffer header = buffer(46).putInt(0x02014b50).putShort((short) (3 << 8 | 20));
            header.putShort(8, (short) 0x800)
                    .putInt(16, (int) entry.crc())
                    .putInt(20, entry.content().length)
                    .putInt(24, entry.content().length)
                    .putShort(28, (short) entry.name().length)
                    .putInt(38, entry.mode() << 16)
                    .putInt(42, entry.offset());
            all.writeBytes(header.array());
            all.writeBytes(entry.name());
        }
        ByteBuffer end = buffer(22).putInt(0x06054b50);
        end.putShort(8, (short) entries.size())
                .putShort(10, (short) entries.size())
                .putInt(12, all.size() - start)
                .putInt(16, start);
        all.writeBytes(end.array());
        return Files.write(file, all.toByteArray());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
