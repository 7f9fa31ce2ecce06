package io.openedge.shell.kept;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of the copies and their list. What is written is on disk before anything names it; a copy is never changed,
 * another content is another file. Copies may be made by any thread; the list belongs to one at a time.
 */
final class KeptFiles {
    private static final String LIST = "bundles.list";
    private static final String COPY = ".jar";
    private static final long LARGEST = 512L << 20;

    private final Path folder;

    KeptFiles(Path folder) {
        this.folder = folder;
    }

    InputStream open(String file) throws IOException {
        return Files.newInputStream(folder.resolve(file));
    }

    /** The list as the last gateway left it. One that cannot be read is put aside. */
    List<KeptBundle> read() throws IOException {
        Path list = folder.resolve(LIST);
        if (!Files.exists(list)) {
            return List.of();
        }
        List<KeptBundle> bundles = new ArrayList<>();
        try {
            Files.readAllLines(list).stream().map(KeptBundle::parse).forEach(bundles::add);
        } catch (IOException | IllegalArgumentException e) {
            Path aside = folder.resolve(LIST + ".broken");
            Files.move(list, aside, StandardCopyOption.REPLACE_EXISTING);
            throw new IOException(aside + ": " + e.getMessage(), e);
        }
        return bundles;
    }

    void write(List<KeptBundle> bundles) throws IOException {
        String text = bundles.stream().map(bundle -> bundle.line() + "\n").collect(Collectors.joining());
        Path unfinished = folder.resolve(LIST + ".part");
        try (FileChannel file = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(
                unfinished, folder.resolve(LIST), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        flushFolder();
    }

    /**
     * Copies a bundle.
     *
     * @return the name of the copy
     */
    String copy(InputStream content) throws IOException {
        Files.createDirectories(folder);
        Path file = Files.createTempFile(folder, "bundle-", COPY);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            transfer(content, Channels.newOutputStream(channel));
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        flushFolder();
        return String.valueOf(file.getFileName());
    }

    void remove(String file) throws IOException {
        Files.deleteIfExists(folder.resolve(file));
    }

    /** Removes the copies that the list does not name: a gateway was killed in between. */
    void sweep(List<KeptBundle> bundles) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<String> named = bundles.stream().map(KeptBundle::file).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(COPY) && !named.contains(name)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void transfer(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            total += length;
            if (total > LARGEST) {
                throw new IOException("it is larger than " + (LARGEST >> 20) + " MB");
            }
            to.write(buffer, 0, length);
        }
    }

    private void flushFolder() throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
