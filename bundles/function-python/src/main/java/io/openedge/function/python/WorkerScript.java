package io.openedge.function.python;

import io.openedge.module.ProcessUser;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The worker's source in a folder that only the worker's user can read, and the file in which it notes which call it is
 * at; {@link #close()} removes them.
 *
 * @param folder of its own
 */
record WorkerScript(Path folder) implements AutoCloseable {
    private static final List<String> PARTS = List.of(
            "__init__.py", "worker.py", "frames.py", "calls.py", "limits.py", "loading.py", "reloading.py", "words.py");
    private static final String PACKAGE = "openedge_function";
    private static final String PROGRESS = "progress";

    /** @param user of the worker; empty: that of this process */
    static WorkerScript write(Optional<ProcessUser> user) throws IOException {
        WorkerScript script = new WorkerScript(Files.createTempDirectory("function-python-"));
        try {
            Path parts = Files.createDirectory(script.folder.resolve(PACKAGE));
            for (String part : PARTS) {
                copy(part, parts.resolve(part));
            }
            Files.write(script.progress(), new byte[Long.BYTES]);
            if (user.isPresent()) {
                script.giveTo(user.get());
            }
            return script;
        } catch (IOException e) {
            script.close();
            throw e;
        }
    }

    private void giveTo(ProcessUser user) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Files.setAttribute(path, "unix:uid", user.uid());
            }
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
            byte[] bytes = Files.readAllBytes(progress());
            return bytes.length < Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
