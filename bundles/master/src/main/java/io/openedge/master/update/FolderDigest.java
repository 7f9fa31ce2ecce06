package io.openedge.master.update;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 of the names and contents in a folder; links are not followed, times and rights do not count. One use. */
final class FolderDigest {
    private static final int BUFFER = 64 << 10;

    private final MessageDigest digest;

    private FolderDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Of a folder; a word when it is not there or cannot be read, so that this counts as a change too. */
    static String of(Path folder) {
        if (!Files.exists(folder)) {
            return "absent";
        }
        try {
            FolderDigest content = new FolderDigest();
            content.add(folder.toRealPath());
            return content.hex();
        } catch (IOException e) {
            return "unreadable: " + e;
        }
    }

    /** Of texts, one after the other. */
    static String of(Stream<byte[]> parts) {
        FolderDigest content = new FolderDigest();
        parts.forEach(part -> {
            content.part('t', String.valueOf(part.length));
            content.digest.update(part);
        });
        return content.hex();
    }

    private void add(Path root) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(root)) {
            all = found.sorted().toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : all) {
            String name = root.relativize(path).toString();
            if (Files.isSymbolicLink(path)) {
                part('l', name);
                part('l', Files.readSymbolicLink(path).toString());
            } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                part('d', name);
            } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                part('f', name);
                part('f', String.valueOf(Files.size(path)));
                addContent(path);
            }
        }
    }

    private void addContent(Path file) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
    }

    private void part(char kind, String text) {
        digest.update((byte) kind);
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
