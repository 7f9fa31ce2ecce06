package io.openedge.master.supervise;

import io.openedge.engine.Instance;
import io.openedge.engine.InstanceStats;
import io.openedge.system.CpuStats;
import io.openedge.system.HostStats;
import io.openedge.system.MemStats;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs use: their engine may know; else the host knows it of their processes. Immutable; any thread.
 *
 * @param host knows what processes use
 */
record Usage(HostStats host) {
    private static final Logger LOG = LoggerFactory.getLogger(Usage.class);

    InstanceStats of(Instance run) {
        try {
            InstanceStats stats = run.stats();
            return stats.equals(InstanceStats.UNKNOWN) ? sum(run.processes()) : stats;
        } catch (RuntimeException e) {
            LOG.warn("an instance could not say what it uses: {}", e.toString());
            return InstanceStats.UNKNOWN;
        }
    }

    private InstanceStats sum(List<ProcessHandle> processes) {
        return processes.stream()
                .map(process -> host.process(process.pid()))
                .filter(stats -> !stats.equals(InstanceStats.UNKNOWN))
                .reduce(Usage::add)
                .orElse(InstanceStats.UNKNOWN);
    }

    private static InstanceStats add(InstanceStats one, InstanceStats other) {
        CpuStats cpu = one.cpu();
        MemStats mem = one.mem();
        return new InstanceStats(
                new CpuStats(cpu.time(), cpu.usedPercent() + other.cpu().usedPercent(), List.of(), cpu.error()),
                new MemStats(
                        mem.time(),
                        mem.total(),
                        0,
                        mem.used() + other.mem().used(),
                        mem.usedPercent() + other.mem().usedPercent(),
                        0,
                        0,
                        0,
                        0,
                        mem.error()));
    }
}
