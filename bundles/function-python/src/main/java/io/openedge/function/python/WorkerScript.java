package io.openedge.function.python;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The worker's source as a file that only this user can read; {@link #close()} removes it. */
record WorkerScript(Path file) implements AutoCloseable {
    private static final String NAME = "worker.py";

    static WorkerScript write() throws IOException {
        Path file = Files.createTempDirectory("function-python-").resolve(NAME);
        try (InputStream source = WorkerScript.class.getResourceAsStream(NAME)) {
            if (source == null) {
                throw new FileNotFoundException(NAME + " is missing in the bundle");
            }
            Files.copy(source, file);
        }
        return new WorkerScript(file);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.getParent());
    }
}
