package io.openedge.agent;

import io.openedge.app.ConfigException;
import io.openedge.archive.Durable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;

/**
 * Removes folders that this agent unpacked and that neither the running nor the previous application names, after three
 * reports in which the version is the one that was deployed.
 *
 * <p>Thread rule: {@link #reported} on the thread of the reports, {@link #clean} on the thread that works on events.
 */
final class Cleaner {
    private static final int CYCLES = 3;

    private final Places places;
    private final Memory memory;
    private final Logger log;
    private final AtomicInteger cycles = new AtomicInteger();
    /** The version of the reports that are counted. */
    private String counted = "";

    Cleaner(Places places, Memory memory, Logger log) {
        this.places = places;
        this.memory = memory;
        this.log = log;
    }

    /** A report went out. */
    void reported(String version) {
        State state = memory.state();
        boolean same = state.pending().isEmpty()
                && !version.isEmpty()
                && version.equals(state.deployed().version());
        int more = version.equals(counted) ? 1 : 0;
        counted = version;
        if (cycles.updateAndGet(before -> same ? before * more + 1 : 0) >= CYCLES) {
            memory.wake();
        }
    }

    /** Removes what may go, if it is time. */
    void clean() {
        if (cycles.get() < CYCLES) {
            return;
        }
        cycles.set(0);
        try {
            Set<VolumeFolder> kept = new HashSet<>(places.inUse());
            for (String folder : memory.state().folders()) {
                kept.add(new VolumeFolder(Path.of(folder)));
            }
            for (String unpacked : memory.state().unpacked().keySet()) {
                VolumeFolder folder = new VolumeFolder(Path.of(unpacked));
                if (kept.stream().noneMatch(folder::meets)) {
                    Durable.deleteTree(places.of(folder));
                    memory.removed(unpacked);
                    log.info("{} is not used any more: removed", folder.onHost());
                }
            }
        } catch (IOException | ConfigException | RefusedException e) {
            log.warn("folders that are not used any more are left: {}", e.getMessage());
        }
    }
}
