package io.openedge.master.supervise;

import io.openedge.engine.Engine;
import io.openedge.engine.InstanceRecord;
import io.openedge.master.stats.Leftover;
import io.openedge.master.work.Owner;
import io.openedge.master.work.Workers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees engines come and go. One that comes first stops what a crash of the gateway left in it, then it may be used. The
 * supervisor's owner's, but for what is said of other threads.
 */
final class EngineWatch {
    private static final Logger LOG = LoggerFactory.getLogger(EngineWatch.class);

    private final Workers workers;
    private final Owner owner;
    private final Engines engines;
    private final Audience usable;
    private final Runnable reclaimed;
    private final Map<String, Engine> known = new HashMap<>();
    private final Map<String, Engine> usableNow = new HashMap<>();
    /** Clean-ups that go on, and the first look, before which nobody knows whether there are any. */
    private final AtomicInteger goingOn = new AtomicInteger(1);

    private volatile List<Leftover> leftovers;

    /**
     * @param leftovers of the last run
     * @param usable hears which engines can be used
     * @param reclaimed hears that there are fewer leftovers
     */
    EngineWatch(
            Workers workers,
            Owner owner,
            Engines engines,
            List<Leftover> leftovers,
            Audience usable,
            Runnable reclaimed) {
        this.workers = workers;
        this.owner = owner;
        this.engines = engines;
        this.leftovers = leftovers;
        this.usable = usable;
        this.reclaimed = reclaimed;
    }

    void begin() {
        look();
        engines.listen(() -> owner.execute(this::look));
        goingOn.decrementAndGet();
    }

    /** What no engine has stopped yet; any thread. */
    List<Leftover> leftovers() {
        return leftovers;
    }

    /** Whether an engine is stopping leftovers now, or may yet have to when the gateway starts; any thread. */
    boolean busy() {
        return goingOn.get() > 0;
    }

    /** The engine that can be used under a name now, or null. */
    @Nullable
    Engine usable(String name) {
        return usableNow.get(name);
    }

    private CompletableFuture<Void> tell(String name, @Nullable Engine engine) {
        if (engine == null) {
            usableNow.remove(name);
        } else {
            usableNow.put(name, engine);
        }
        return usable.hears(name, engine);
    }

    private void look() {
        Map<String, Engine> now = engines.byName();
        for (String name : List.copyOf(known.keySet())) {
            if (now.get(name) != known.get(name)) {
                known.remove(name);
                LOG.info("engine '{}' went", name);
                tell(name, null);
            }
        }
        now.forEach((name, engine) -> {
            if (!known.containsKey(name)) {
                known.put(name, engine);
                LOG.info("engine '{}' came", name);
                reclaim(name, engine);
            }
        });
    }

    private void reclaim(String name, Engine engine) {
        List<InstanceRecord> mine = leftovers.stream()
                .filter(leftover -> leftover.engine().equals(name))
                .map(Leftover::record)
                .toList();
        if (mine.isEmpty()) {
            tell(name, engine);
            return;
        }
        goingOn.incrementAndGet();
        workers.call(
                owner,
                () -> {
                    engine.reclaim(mine);
                    return true;
                },
                (done, failure) -> {
                    if (failure == null) {
                        forget(name);
                    } else { // they stay for the next engine of that name, or the next start
                        LOG.error("engine '{}' could not stop what the last run left behind", name, failure);
                    }
                    CompletableFuture<Void> heard =
                            known.get(name) == engine ? tell(name, engine) : CompletableFuture.completedFuture(null);
                    heard.thenRun(goingOn::decrementAndGet);
                });
    }

    private void forget(String engine) {
        leftovers = leftovers.stream()
                .filter(leftover -> !leftover.engine().equals(engine))
                .toList();
        reclaimed.run();
    }

    /** Those who want to know which engines there are. */
    interface Audience {
        /**
         * @param engine that can be used under the name now, null: none
         * @return completes when all have heard it
         */
        CompletableFuture<Void> hears(String name, @Nullable Engine engine);
    }
}
