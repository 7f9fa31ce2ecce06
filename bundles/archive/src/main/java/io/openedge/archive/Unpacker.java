package io.openedge.archive;

import io.openedge.archive.ZipDirectory.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Unpacks zip files that may come from anybody. All names are checked before anything is written; links are made last, and
 * lead nowhere but into the folder. Files keep whether they can be executed, no other permission, owner or time.
 *
 * <p>Thread rule: any thread; interrupting it ends the work with an exception. Files are not synced: {@link Durable#place}
 * does that.
 */
public final class Unpacker {
    private static final int MAX_LINK = 4096;

    private final UnpackLimits limits;

    /** @param limits for each archive */
    public Unpacker(UnpackLimits limits) {
        this.limits = limits;
    }

    /**
     * Unpacks into a folder that is empty, and makes it when it is not there. After an exception a part may be in it.
     *
     * @return the bytes of all files
     * @throws ArchiveException when the archive is refused
     * @throws NoRoomException when the disk has not enough room
     */
    public long unpack(Path zip, Path folder) throws IOException {
        Contents contents = Contents.of(ZipDirectory.read(zip, limits.entries()));
        try (ZipFile file = new ZipFile(zip.toFile(), StandardCharsets.UTF_8)) {
            Map<String, ZipEntry> data = data(file, contents);
            long most = limits.bytesFor(Files.size(zip));
            long declared = declared(data, most);
            Files.createDirectories(folder);
            limits.disk().require(folder, declared, "the unpacked archive");
            return new Run(file, data, folder, most).write(contents.entries());
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    /**
     * Whether all that is in an archive is in a folder, with its size; what else is there does not matter.
     *
     * @throws ArchiveException when the archive is refused
     */
    public boolean isUnpacked(Path zip, Path folder) throws IOException {
        Contents contents = Contents.of(ZipDirectory.read(zip, limits.entries()));
        try (ZipFile file = new ZipFile(zip.toFile(), StandardCharsets.UTF_8)) {
            Map<String, ZipEntry> data = data(file, contents);
            for (Contents.Entry entry : contents.entries()) {
                Path path = folder.resolve(entry.name().toString());
                long size = data.get(entry.inZip().rawName()).getSize();
                boolean there = switch (entry.inZip().kind()) {
                    case FOLDER -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                    case LINK -> Files.isSymbolicLink(path);
                    default -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == size;
                };
                if (!there) {
                    return false;
                }
            }
            return true;
        } catch (ZipException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    private static ArchiveException damaged(Exception failure) {
        String why = failure.getMessage();
        return new ArchiveException("the archive is damaged: " + (why == null ? "it ends too early" : why));
    }

    /** Two readers have to agree on what is in the archive. */
    private static Map<String, ZipEntry> data(ZipFile file, Contents contents) throws ArchiveException {
        Map<String, ZipEntry> data = new HashMap<>();
        for (ZipEntry entry : Collections.list(file.entries())) {
            data.put(entry.getName(), entry);
        }
        boolean same = data.size() == contents.entries().size()
                && contents.entries().stream()
                        .allMatch(entry -> data.containsKey(entry.inZip().rawName()));
        if (!same) {
            throw new ArchiveException("the directory of the archive is ambiguous");
        }
        return data;
    }

    private static long declared(Map<String, ZipEntry> data, long most) throws ArchiveException {
        long sum = 0;
        for (ZipEntry entry : data.values()) {
            sum += Math.max(0, Math.min(entry.getSize(), most + 1));
            if (sum > most) {
                throw tooLarge(most);
            }
        }
        return sum;
    }

    private static ArchiveException tooLarge(long most) {
        return new ArchiveException("the archive becomes too large; allowed: up to " + most + " bytes unpacked");
    }

    /** One archive on its way into its folder. */
    private static final class Run {
        private final ZipFile file;
        private final Map<String, ZipEntry> data;
        private final Path folder;
        private final long most;
        private long written;

        Run(ZipFile file, Map<String, ZipEntry> data, Path folder, long most) {
            this.file = file;
            this.data = data;
            this.folder = folder;
            this.most = most;
        }

        long write(List<Contents.Entry> entries) throws IOException {
            for (Contents.Entry entry : entries) {
                Path path = folder.resolve(entry.name().toString());
                if (entry.inZip().kind() == Kind.FOLDER) {
                    Files.createDirectories(path);
                } else if (entry.inZip().kind() == Kind.FILE) {
                    Files.createDirectories(path.getParent());
                    copy(entry, path);
                }
            }
            for (Contents.Entry entry : entries) {
                if (entry.inZip().kind() == Kind.LINK) {
                    link(entry);
                }
            }
            return written;
        }

        private void copy(Contents.Entry entry, Path path) throws IOException {
            byte[] buffer = new byte[1 << 15];
            try (CheckedInputStream in = open(entry);
                    OutputStream out =
                            Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    count(read);
                    out.write(buffer, 0, read);
                }
                check(entry, in);
            }
            String permissions = entry.inZip().executable() ? "rwxr-xr-x" : "rw-r--r--";
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }

        private void count(int bytes) throws IOException {
            written += bytes;
            if (written > most) {
                throw tooLarge(most);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while unpacking");
            }
        }

        private void link(Contents.Entry entry) throws IOException {
            String target;
            try (CheckedInputStream in = open(entry)) {
                byte[] bytes = in.readNBytes(MAX_LINK + 1);
                count(bytes.length);
                if (bytes.length <= MAX_LINK) {
                    check(entry, in);
                }
                target = new String(bytes, StandardCharsets.UTF_8);
            }
            if (!staysInside(entry.name().parts().size() - 1, target)) {
                throw new ArchiveException("the entry '" + entry.name() + "' is a link to '"
                        + EntryName.printable(target) + "', which leads out; allowed: links that stay inside");
            }
            Path path = folder.resolve(entry.name().toString());
            Files.createDirectories(path.getParent());
            Files.createSymbolicLink(path, Path.of(target));
        }

        /**
         * A link's own folder is a real one, as nothing is below a link. So a target with all its {@code ..} in front, no
         * more than the folder is deep, stays inside, also when it goes through other links of that kind.
         */
        private static boolean staysInside(int depth, String target) {
            if (target.isEmpty() || target.length() > MAX_LINK || target.startsWith("/") || target.indexOf(0) >= 0) {
                return false;
            }
            int up = 0;
            boolean down = false;
            for (String part : target.split("/")) {
                if (part.equals("..")) {
                    up++;
                    if (down) {
                        return false;
                    }
                } else if (!part.isEmpty() && !part.equals(".")) {
                    down = true;
                }
            }
            return up <= depth;
        }

        private CheckedInputStream open(Contents.Entry entry) throws IOException {
            InputStream in = file.getInputStream(data.get(entry.inZip().rawName()));
            if (in == null) {
                throw new ArchiveException("the entry '" + entry.name() + "' has no content");
            }
            return new CheckedInputStream(in, new CRC32());
        }

        private void check(Contents.Entry entry, CheckedInputStream in) throws ArchiveException {
            if (in.getChecksum().getValue() != data.get(entry.inZip().rawName()).getCrc()) {
                throw new ArchiveException("the entry '" + entry.name() + "' is damaged: its CRC-32 is wrong");
            }
        }
    }
}
