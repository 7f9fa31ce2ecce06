package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small disk on which 0, 1, 2 … blocks are free when an update begins. The property {@code openedge.small.disk} names a
 * folder on a file system of its own, as integration-tests/loops.sh makes it; without it nothing is tested here.
 */
public class FullDiskTest {
    private static final Logger LOG = LoggerFactory.getLogger(FullDiskTest.class);
    private static final String DISK = System.getProperty("openedge.small.disk", "");
    private static final int LEVELS = 20;
    private static final int BLOCK = 4096;
    /** Some blocks, so that a file may get on the disk in part. */
    private static final String LONG = "# nine blocks of remarks\n".repeat(1400);

    @Rule
    public final LiveUpdates live = new LiveUpdates(DISK.isEmpty() ? null : Path.of(DISK));

    @Test
    public void whateverIsFreeTheOldOrTheNewApplicationRuns() throws Exception {
        assumeTrue("a small disk", !DISK.isEmpty());
        Path fill = live.work().resolve("fill");
        for (int free = 0; free < LEVELS; free++) {
            LiveUpdates.write(live.application(), LiveUpdates.text("V1", "hub:1", "timer:1") + LONG);
            String next = live.offer("V2", "hub:1", "timer:2");
            LiveUpdates.write(
                    live.work().resolve(next).resolve("application.yml"),
                    LiveUpdates.text("V2", "hub:1", "timer:2") + LONG);
            live.up();
            fill(fill, free);

            UpdateResult result = live.update(next);

            boolean isNew = result.outcome() == Outcome.COMMITTED;
            LOG.info("{} blocks free: {}", free, result);
            assertThat(result.outcome()).isIn(Outcome.COMMITTED, Outcome.REFUSED, Outcome.ROLLED_BACK);
            Map<String, String> runs = Map.of("hub", "1", "timer", isNew ? "2" : "1");
            assertThat(live.updates.application().version()).isEqualTo(isNew ? "V2" : "V1");
            LiveUpdates.until(() -> live.engine.versions().equals(runs));
            live.down();
            live.up();
            assertThat(live.engine.versions())
                    .as("after a restart on the full disk")
                    .isEqualTo(runs);
            live.consistent();
            Files.delete(fill);
            assertThat(live.update(live.offer("V3", "hub:3")).outcome()).isEqualTo(Outcome.COMMITTED);
            live.consistent();
            live.down();
        }
    }

    /** Leaves so many blocks free. */
    private static void fill(Path file, int free) throws IOException {
        byte[] block = new byte[BLOCK];
        long written = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
                written += BLOCK;
            }
        } catch (IOException full) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(Math.max(0, written - (long) free * BLOCK));
            }
        }
    }
}
