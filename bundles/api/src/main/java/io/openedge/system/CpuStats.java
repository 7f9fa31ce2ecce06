package io.openedge.system;

import java.time.Instant;
import java.util.List;

/**
 * Processors of a host, or processor time of an instance. Immutable. Unit: percent.
 *
 * @param time of the look
 * @param usedPercent of all cores; of an instance: of one core, so that two busy cores are 200
 * @param cpus each core
 * @param error why the part could not be read
 */
public record CpuStats(Instant time, double usedPercent, List<Cpu> cpus, String error) {
    /** Not known. */
    public static final CpuStats UNKNOWN = new CpuStats(Instant.EPOCH, 0, List.of(), "");

    public CpuStats {
        cpus = List.copyOf(cpus);
    }

    /** @param usedPercent of one core */
    public record Cpu(double usedPercent) {}
}
