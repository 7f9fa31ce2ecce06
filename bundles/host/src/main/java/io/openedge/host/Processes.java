package io.openedge.host;

import io.openedge.engine.InstanceStats;
import io.openedge.system.CpuStats;
import io.openedge.system.MemStats;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The processes of the host at two moments: what a tree used between them. Immutable; any thread.
 *
 * @param before empty with the first sample
 * @param now the last one
 */
record Processes(ProcessTable before, ProcessTable now, Instant time) {
    static final Processes NONE = new Processes(ProcessTable.EMPTY, ProcessTable.EMPTY, Instant.EPOCH);

    /** Looks again. */
    Processes next() throws InterruptedException {
        return new Processes(now, Sampling.part(ProcessTable::read, why -> ProcessTable.EMPTY), Instant.now());
    }

    /**
     * What a process and its descendants use. A root that was not there before is measured since its start.
     *
     * @param memory of the host
     */
    InstanceStats stats(long pid, long memory) {
        Optional<ProcessTable.Entry> root = now.find(pid);
        if (root.isEmpty()) {
            return InstanceStats.UNKNOWN;
        }
        double seconds = before.same(root.get()).isPresent() ? now.uptime() - before.uptime() : now.age(root.get());
        double used = 0;
        long bytes = 0;
        for (ProcessTable.Entry entry : tree(root.get())) {
            used += entry.seconds()
                    - before.same(entry).map(ProcessTable.Entry::seconds).orElse(0.0);
            bytes += entry.bytes();
        }
        return new InstanceStats(
                new CpuStats(time, Memory.percent(Math.max(0, used), seconds), List.of(), ""),
                new MemStats(time, memory, 0, bytes, Memory.percent(bytes, memory), 0, 0, 0, 0, ""));
    }

    private List<ProcessTable.Entry> tree(ProcessTable.Entry root) {
        List<ProcessTable.Entry> tree = new ArrayList<>();
        Deque<ProcessTable.Entry> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty() && tree.size() < now.size()) {
            ProcessTable.Entry next = open.remove();
            tree.add(next);
            open.addAll(now.children(next.pid()));
        }
        return tree;
    }
}
