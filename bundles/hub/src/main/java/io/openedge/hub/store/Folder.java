package io.openedge.hub.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names in the journal's folder: {@code N.log} are segments, {@code N.state} is the state before segment N. One hub
 * at a time has the folder. Thread rule: any thread.
 */
final class Folder implements AutoCloseable {
    private static final String SEGMENT = ".log";
    private static final String SNAPSHOT = ".state";
    private static final String SPARE = "spare";
    private static final String DRAFT = ".new";

    private final Path path;
    private final FileChannel lock;

    private Folder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Takes a folder, which is made when it is missing. */
    static Folder take(Path path) throws IOException {
        Files.createDirectories(path);
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(channel);
            if (lock == null) {
                throw new IOException("storage.dir: " + path + " is in use by another hub");
            }
            Folder folder = new Folder(path, channel);
            for (Path draft : folder.files()) {
                if (draft.getFileName().toString().endsWith(DRAFT)) {
                    Files.delete(draft);
                }
            }
            return folder;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path path() {
        return path;
    }

    Path segment(int number) {
        return path.resolve(name(number, SEGMENT));
    }

    Path snapshot(int number) {
        return path.resolve(name(number, SNAPSHOT));
    }

    /** A file that was a segment and becomes one again. */
    Path spare() {
        return path.resolve(SPARE);
    }

    /** Where a file is written until it is whole. */
    static Path draft(Path file) {
        return file.resolveSibling(file.getFileName() + DRAFT);
    }

    private static String name(int number, String ending) {
        return String.format(Locale.ROOT, "%010d%s", number, ending);
    }

    boolean has(int segment) {
        return Files.exists(segment(segment));
    }

    NavigableSet<Integer> segments() throws IOException {
        return numbers(SEGMENT);
    }

    NavigableSet<Integer> snapshots() throws IOException {
        return numbers(SNAPSHOT);
    }

    private NavigableSet<Integer> numbers(String ending) throws IOException {
        NavigableSet<Integer> numbers = new TreeSet<>();
        for (Path file : files()) {
            String name = file.getFileName().toString();
            if (name.matches("[0-9]{10}" + ending.replace(".", "\\."))) {
                numbers.add(Integer.parseInt(name.substring(0, name.length() - ending.length())));
            }
        }
        return numbers;
    }

    /** Files of the old hub, which this one does not read. */
    List<Path> foreign() throws IOException {
        return files().stream()
                .filter(file -> file.getFileName().toString().endsWith(".db"))
                .toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.toList();
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
