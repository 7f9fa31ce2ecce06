package io.openedge.distribution;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that runs in a folder of its own, with its output in two files there. */
record Command(Process process, Path out, Path err) implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    static Command start(Path folder, Map<String, String> environment, String... words) throws IOException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(words))
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        return new Command(builder.start(), out, err);
    }

    Command awaitOut(String text) {
        await().atMost(LIMIT).until(() -> text(out).contains(text) || !process.isAlive());
        if (!text(out).contains(text)) {
            throw new AssertionError("ended without saying '" + text + "':\n" + text(out) + text(err));
        }
        return this;
    }

    Command terminate() {
        process.destroy();
        return this;
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end");
        }
        return process.exitValue();
    }

    String output() {
        return text(out);
    }

    String errors() {
        return text(err);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
