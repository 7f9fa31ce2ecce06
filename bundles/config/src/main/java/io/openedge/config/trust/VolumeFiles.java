package io.openedge.config.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** What a folder holds, file by file. Stateless; any thread, for as long as the disk takes. */
public final class VolumeFiles {
    private static final int MOST = 100_000;

    private VolumeFiles() {}

    /**
     * The files and links below a folder, by their path in it: {@code sha256 HEX} or {@code link TARGET}.
     *
     * @throws IOException when one cannot be read, is a device, a pipe or a socket, or there are too many
     */
    public static Map<String, String> of(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (files.size() == MOST) {
                    throw new IOException(folder + " holds more than " + MOST + " files");
                }
                if (!attributes.isRegularFile() && !attributes.isSymbolicLink()) {
                    throw new IOException(file + " is neither a file nor a link");
                }
                files.put(
                        folder.relativize(file).toString(),
                        attributes.isSymbolicLink()
                                ? "link " + Files.readSymbolicLink(file)
                                : "sha256 " + sha256(file));
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(digest().digest(content));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
