package io.openedge.engine.docker;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All runs that have not ended, and those that were stopped while the daemon was away. Thread rule: any thread. */
final class Runs {
    private final Set<ContainerRun> all = ConcurrentHashMap.newKeySet();

    void add(ContainerRun run) {
        all.add(run);
    }

    void remove(ContainerRun run) {
        all.remove(run);
    }

    List<ContainerRun> all() {
        return List.copyOf(all);
    }

    boolean named(String instance) {
        return all.stream().anyMatch(run -> run.name().equals(instance));
    }
}
