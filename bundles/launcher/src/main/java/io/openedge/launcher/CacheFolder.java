package io.openedge.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * var/cache of a work directory, owned by one gateway or instance of a module at a time: a second one is refused before it can touch what the
 * first one uses. The lock ends with the process.
 */
final class CacheFolder implements AutoCloseable {
    /** What a start writes at least. Unit: bytes. */
    private static final int NEEDED = 1 << 20;

    private final Path folder;
    private final FileLock lock;

    private CacheFolder(Path folder, FileLock lock) {
        this.folder = folder;
        this.lock = lock;
    }

    static CacheFolder own(Path folder, Program program) throws LaunchException {
        try {
            Files.createDirectories(folder);
            return new CacheFolder(folder, lock(folder, program));
        } catch (IOException e) {
            throw new LaunchException(Refusal.sentence(folder, e), e);
        }
    }

    /**
     * Says at once that there is no space: the framework would stumble over it later and say less. Really written, since
     * what a file system calls free need not be free for this user.
     */
    void requireSpace() throws LaunchException {
        Path probe = folder.resolve("space");
        try {
            try {
                Files.write(probe, new byte[NEEDED]);
            } finally {
                Files.deleteIfExists(probe);
            }
        } catch (IOException e) {
            throw new LaunchException(Refusal.sentence(folder, e), e);
        }
    }

    private static FileLock lock(Path folder, Program program) throws IOException, LaunchException {
        FileChannel file = FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            file.close();
            throw new LaunchException(program.alreadyRunning(folder));
        }
        return lock;
    }

    /** The place of temporary files, empty. */
    Path emptyTmp() throws LaunchException {
        Path tmp = folder.resolve("tmp");
        try {
            Files.createDirectories(tmp);
            deleteContent(tmp);
            return tmp;
        } catch (IOException e) {
            throw new LaunchException(Refusal.sentence(tmp, e), e);
        }
    }

    /** Where the framework keeps its state; it empties this at each start. */
    Path framework() {
        return folder.resolve("felix");
    }

    /** Where archives of classes lie, readable for nobody else: who can write one runs code in the gateway. */
    Path archives() {
        return folder.resolve("archive");
    }

    /** The work directory of the training run, there only while it runs. */
    Path training() {
        return folder.resolve("training");
    }

    /** Removes a folder of this one with all that is in it; links are not followed. */
    static void delete(Path old) throws IOException {
        if (Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS)) {
            deleteContent(old);
        }
        Files.deleteIfExists(old);
    }

    @Override
    public void close() throws IOException {
        lock.channel().close();
    }

    private static void deleteContent(Path folder) throws IOException {
        List<Path> content;
        try (Stream<Path> files = Files.walk(folder)) {
            content = files.filter(file -> !file.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path file : content) {
            Files.deleteIfExists(file);
        }
    }
}
