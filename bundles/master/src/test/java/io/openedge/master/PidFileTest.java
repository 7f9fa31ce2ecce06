package io.openedge.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The lock of the pid file. */
public class PidFileTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aQuestionOfTheSameMomentBarsNobody() throws Exception {
        Path file = folder.getRoot().toPath().resolve("openedge.pid");
        try (FileChannel question = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock asks = question.lock()) {
            CompletableFuture<Optional<PidFile>> taken = CompletableFuture.supplyAsync(() -> take(file));
            CompletableFuture.runAsync(
                            () -> release(asks), CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS))
                    .get(10, TimeUnit.SECONDS);

            try (PidFile mine = taken.get(10, TimeUnit.SECONDS).orElseThrow()) {
                assertThat(Files.readString(file))
                        .isEqualTo(ProcessHandle.current().pid() + "\n");
                assertThat(take(file)).isEmpty();
            }
        }
        assertThat(file).doesNotExist();
    }

    private static Optional<PidFile> take(Path file) {
        try {
            return PidFile.take(file);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void release(FileLock lock) {
        try {
            lock.release();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
