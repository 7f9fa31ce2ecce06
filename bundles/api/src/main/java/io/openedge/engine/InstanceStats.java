package io.openedge.engine;

import io.openedge.system.CpuStats;
import io.openedge.system.MemStats;

/**
 * What an instance uses. Immutable.
 *
 * @param cpu processor time
 * @param mem memory
 */
public record InstanceStats(CpuStats cpu, MemStats mem) {
    /** Not known: for example code in the framework, which shares the gateway's memory. */
    public static final InstanceStats UNKNOWN = new InstanceStats(CpuStats.UNKNOWN, MemStats.UNKNOWN);
}
