package io.openedge.function.python;

import io.openedge.module.ProcessUser;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The worker's source in a folder that the worker's user can only read, and the file in which the worker notes which call
 * it is at; {@link #close()} removes them. When the worker has a user of its own, only the content of that file is that
 * user's: folder and files stay this process's, which reads and removes them later and must find what it made.
 *
 * @param folder of its own
 * @param page the file of the worker's notes, open from the start: what stands under its name later does not matter
 */
record WorkerScript(Path folder, FileChannel page) implements AutoCloseable {
    private static final List<String> PARTS = List.of(
            "__init__.py", "worker.py", "frames.py", "calls.py", "limits.py", "loading.py", "reloading.py", "words.py");
    private static final String PACKAGE = "openedge_function";
    private static final String PROGRESS = "progress";

    /** @param user of the worker; empty: that of this process */
    static WorkerScript write(Optional<ProcessUser> user) throws IOException {
        Path folder = Files.createTempDirectory("function-python-");
        try {
            Path parts = Files.createDirectory(folder.resolve(PACKAGE));
            for (String part : PARTS) {
                copy(part, parts.resolve(part));
            }
            Path progress = Files.write(folder.resolve(PROGRESS), new byte[Long.BYTES]);
            if (user.isPresent()) {
                letIn(user.get(), folder, progress);
            }
            return new WorkerScript(folder, FileChannel.open(progress, StandardOpenOption.READ));
        } catch (IOException e) {
            delete(folder);
            throw e;
        }
    }

    /** The folder is opened last: nobody is in it before all has its rights. */
    private static void letIn(ProcessUser user, Path folder, Path progress) throws IOException {
        Path parts = folder.resolve(PACKAGE);
        for (String part : PARTS) {
            Files.setPosixFilePermissions(parts.resolve(part), PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.setPosixFilePermissions(progress, PosixFilePermissions.fromString("rw-------"));
        Files.setAttribute(progress, "unix:uid", user.uid());
        for (Path entered : List.of(parts, folder)) {
            Files.setAttribute(entered, "unix:gid", user.gid());
            Files.setPosixFilePermissions(entered, PosixFilePermissions.fromString("rwxr-x---"));
        }
    }

    private static void copy(String part, Path file) throws IOException {
        try (InputStream source = WorkerScript.class.getResourceAsStream(part)) {
            if (source == null) {
                throw new FileNotFoundException(part + " is missing in the bundle");
            }
            Files.copy(source, file);
        }
    }

    /** What to run. */
    Path file() {
        return folder.resolve(PACKAGE).resolve("worker.py");
    }

    /** Eight bytes: the number of the call that runs, or ran last. */
    Path progress() {
        return folder.resolve(PROGRESS);
    }

    /** The number of the call at which the worker was when it ended; 0: none, or it cannot be read any more. */
    long lastCall() {
        try {
            ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
            return page.read(number, 0) < Long.BYTES ? 0 : number.getLong(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        page.close();
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
