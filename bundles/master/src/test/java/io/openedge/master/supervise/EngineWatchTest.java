package io.openedge.master.supervise;

import static io.openedge.master.supervise.Fixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.engine.InstanceRecord;
import io.openedge.master.stats.Leftover;
import io.openedge.master.work.Workers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.After;
import org.junit.Test;

/** When what a crash left in engines has been looked after. */
public class EngineWatchTest {
    private final Workers workers = new Workers();
    private final Engines engines = new Engines();
    private final CompletableFuture<Void> heard = new CompletableFuture<>();

    @After
    public void end() {
        workers.close();
    }

    private EngineWatch watch(List<Leftover> leftovers) {
        return new EngineWatch(workers, workers.owner(), engines, leftovers, (name, engine) -> heard, () -> {});
    }

    @Test
    public void itIsBusyUntilItHasLookedForTheFirstTime() {
        EngineWatch watch = watch(List.of());
        assertThat(watch.busy()).isTrue();

        watch.begin();

        assertThat(watch.busy()).isFalse();
    }

    @Test
    public void itIsBusyUntilLeftoversAreStoppedAndAllHaveHeardOfTheEngine() {
        FakeEngine engine = new FakeEngine();
        engines.add("fake", engine);
        EngineWatch watch = watch(List.of(new Leftover(
                "fake",
                new InstanceRecord("hub", "hub", new InstanceRecord.Process(42, "fake"), Instant.EPOCH, "boot-1"))));

        watch.begin();

        until(() -> engine.reclaimed.size() == 1);
        assertThat(watch.busy()).isTrue();
        heard.complete(null);
        until(() -> !watch.busy());
    }
}
