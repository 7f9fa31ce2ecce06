package io.openedge.directory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes a folder of the engine's own. Links are removed as links, and nothing on the other side of a mount is
 * touched: when something is mounted in the folder, or a folder of it is on another device, the removal fails.
 * Each folder is opened without following links, so that one that turns into a link meanwhile leads nowhere.
 *
 * <p>Thread rule: stateless; any thread.
 */
public final class OwnTree {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT = 4; // field of a line of mountinfo, see proc(5)

    private final Path mounts;

    public OwnTree() {
        this(MOUNTS);
    }

    OwnTree(Path mounts) {
        this.mounts = mounts;
    }

    /** @throws IOException when something had to stay, or could not be removed */
    public void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path real = root.getParent().toRealPath().resolve(root.getFileName());
        if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(real);
            return;
        }
        List<Path> foreign = mountPointsIn(real);
        if (!foreign.isEmpty()) {
            throw mounted(foreign.get(0));
        }
        empty(real);
        Files.delete(real);
    }

    private static void empty(Path real) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(real.getParent())) {
            if (!(entries instanceof SecureDirectoryStream<Path> parent)) {
                throw new IOException(real + " cannot be removed safely on this file system");
            }
            empty(parent, real.getFileName(), real);
        }
    }

    private static void empty(SecureDirectoryStream<Path> parent, Path name, Path real) throws IOException {
        if (!device(real).equals(device(real.getParent()))) {
            throw mounted(real);
        }
        try (SecureDirectoryStream<Path> folder = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            for (Path entry : folder) {
                Path child = entry.getFileName();
                if (attributes(folder, child).isDirectory()) {
                    empty(folder, child, real.resolve(child));
                    folder.deleteDirectory(child);
                } else {
                    folder.deleteFile(child);
                }
            }
        }
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        return folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    private static IOException mounted(Path point) {
        return new IOException("something is mounted on " + point + "; unmount it, it is left alone");
    }

    private static Object device(Path folder) throws IOException {
        return Files.getAttribute(folder, "unix:dev", LinkOption.NOFOLLOW_LINKS);
    }

    /** A bind mount within one file system has the same device: only the kernel's list shows it. */
    private List<Path> mountPointsIn(Path root) throws IOException {
        List<Path> found = new ArrayList<>();
        try {
            // Paths are bytes to the kernel; only those below root matter.
            for (String line :
                    Files.readString(mounts, StandardCharsets.ISO_8859_1).split("\n")) {
                String[] fields = line.split(" ");
                if (fields.length > MOUNT_POINT) {
                    found.add(Path.of(unescape(fields[MOUNT_POINT])));
                }
            }
        } catch (NoSuchFileException noProc) {
            return List.of();
        }
        found.removeIf(point -> !point.startsWith(root));
        return found;
    }

    /** Blanks are written as backslash and three octal digits. */
    private static String unescape(String field) {
        StringBuilder bytes = new StringBuilder();
        for (int at = 0; at < field.length(); at++) {
            if (field.charAt(at) == '\\' && at + 4 <= field.length()) {
                bytes.append((char) Integer.parseInt(field.substring(at + 1, at + 4), 8));
                at += 3;
            } else {
                bytes.append(field.charAt(at));
            }
        }
        return new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
