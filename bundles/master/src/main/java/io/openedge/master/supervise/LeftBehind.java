package io.openedge.master.supervise;

import io.openedge.engine.Instance;
import io.openedge.master.stats.Leftover;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs that did not stop in time: they stay in application.stats, so that the next start of the gateway looks for them.
 * Thread rule: any thread.
 */
final class LeftBehind {
    private final Map<Instance, String> engines = new ConcurrentHashMap<>();

    void add(Instance run, String engine) {
        engines.put(run, engine);
    }

    /** It stopped after all; without effect when it was in time. */
    void remove(Instance run) {
        engines.remove(run);
    }

    List<Leftover> records() {
        return engines.entrySet().stream()
                .flatMap(entry -> StatusReader.record(entry.getKey()).stream()
                        .map(record -> new Leftover(entry.getValue(), record)))
                .toList();
    }
}
