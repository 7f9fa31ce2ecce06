package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.system.UpdateResult.Outcome;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.Rule;
import org.junit.Test;

/**
 * A gateway that is killed, or loses its power, at every step of an update: the next one runs exactly the old or exactly the
 * new application, and says which and why. The property {@code openedge.rounds} sets how often each is done.
 */
public class CutUpdatesTest {
    private static final int ROUNDS = Integer.getInteger("openedge.rounds", 1);
    private static final Map<String, String> OLD = Map.of("hub", "1", "timer", "1");
    private static final Map<String, String> NEW = Map.of("hub", "1", "timer", "2");

    @Rule
    public final LiveUpdates live = new LiveUpdates();

    @Test
    public void aCutInAnUpdateThatIsGood() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(everywhere(true, true)).containsExactlyInAnyOrder(OLD, NEW);
            assertThat(everywhere(true, false)).containsExactlyInAnyOrder(OLD, NEW);
        }
    }

    @Test
    public void aCutInAnUpdateThatIsRolledBack() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(everywhere(false, true)).containsExactly(OLD);
            assertThat(everywhere(false, false)).containsExactly(OLD);
        }
    }

    private Set<Map<String, String>> everywhere(boolean good, boolean power) throws Exception {
        Set<Map<String, String>> ends = new HashSet<>();
        boolean cut = true;
        for (int step = 1; cut; step++) {
            CuttingDisk disk = fresh(step, false);
            if (!good) {
                live.engine.crashing.add("timer:2");
            }
            Outcome outcome = attempt(disk);
            cut = disk.wasCut();
            live.down();
            if (power) {
                disk.loseUnsynced(ThreadLocalRandom.current().nextInt(disk.ways()));
            }
            live.up();
            live.consistent();
            ends.add(live.engine.versions());
            boolean isNew = live.engine.versions().equals(NEW);
            assertThat(live.updates.application().version()).isEqualTo(isNew ? "V2" : "V1");
            if (outcome == Outcome.COMMITTED) {
                assertThat(isNew).isTrue();
            }
            if (!live.updates.error().isEmpty()) {
                assertThat(isNew).isFalse();
                assertThat(live.updates.error()).contains("'V2' was not committed", "'V1'");
            }
            assertThat(live.update(live.offer("V3", "hub:3", "timer:3")).outcome())
                    .isEqualTo(Outcome.COMMITTED);
            live.consistent();
            live.down();
        }
        return ends;
    }

    private Outcome attempt(CuttingDisk disk) throws Exception {
        var update =
                live.updates.update(live.offer("V2", "hub:1", "timer:2"), true).toCompletableFuture();
        while (!update.isDone() && !disk.wasCut()) {
            try {
                update.get(5, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                continue;
            }
        }
        return update.isDone() ? update.get().outcome() : Outcome.CANCELLED;
    }

    @Test
    public void aDiskThatIsFullFromAnyStepOnLeavesWhatIsReportedRunning() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (boolean good : new boolean[] {true, false}) {
                boolean failed = true;
                for (int step = 1; failed; step++) {
                    CuttingDisk disk = fresh(step, true);
                    if (!good) {
                        live.engine.crashing.add("timer:2");
                    }
                    live.update(live.offer("V2", "hub:1", "timer:2"));
                    failed = disk.wasCut();
                    Map<String, String> runs =
                            live.updates.application().version().equals("V2") ? NEW : OLD;
                    LiveUpdates.until(() -> live.engine.versions().equals(runs));
                    live.down();
                    live.up();
                    live.consistent();
                    assertThat(live.engine.versions()).isEqualTo(runs);
                    live.down();
                }
            }
        }
    }

    @Test
    public void manyUpdatesAtOnceAndRestartsEndInOneApplication() throws Exception {
        live.installed("V0", "hub:0", "timer:0");
        live.up();
        for (int round = 1; round <= 10 * ROUNDS; round++) {
            List<Thread> callers = new ArrayList<>();
            int many = ThreadLocalRandom.current().nextInt(2, 9);
            for (int caller = 0; caller < many; caller++) {
                String version = round + "-" + caller;
                String path = live.offer(version, "hub:" + caller % 2, "timer:" + version);
                callers.add(new Thread(() -> live.updates.update(path, true)));
            }
            callers.forEach(Thread::start);
            for (Thread caller : callers) {
                caller.join();
            }
            if (ThreadLocalRandom.current().nextInt(3) == 0) {
                live.down();
                live.up();
            }
            String last = "last-" + round;
            assertThat(live.update(live.offer(last, "hub:0", "timer:" + last)).version())
                    .isEqualTo(last);
            live.consistent();
        }
    }

    @Test
    public void versionsThatCrashAreRolledBackEachTime() throws Exception {
        live.installed("V0", "hub:0", "timer:0");
        live.up();
        for (int round = 1; round <= 3 * ROUNDS; round++) {
            live.engine.crashing.add("timer:" + round);
            assertThat(live.update(live.offer("V" + round, "hub:0", "timer:" + round))
                            .outcome())
                    .isEqualTo(Outcome.ROLLED_BACK);
            live.consistent();
            assertThat(live.engine.count("hub")).isEqualTo(1);
        }
    }

    private CuttingDisk fresh(int step, boolean failing) throws Exception {
        for (String name : new String[] {"application.yml", "application.yml.old", "application.update"}) {
            Files.deleteIfExists(live.db().resolve(name));
        }
        live.installed("V1", "hub:1", "timer:1");
        CuttingDisk disk = new CuttingDisk(live.db(), step, failing);
        live.up(disk);
        return disk;
    }
}
