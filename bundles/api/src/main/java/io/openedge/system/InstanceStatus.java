package io.openedge.system;

import io.openedge.engine.InstanceRecord.Place;
import java.time.Instant;
import java.util.Map;

/**
 * An instance as {@link Inspect} shows it. Immutable.
 *
 * @param name of the instance
 * @param status what it is doing
 * @param reason why: what it waits for, how it ended last; empty when it runs well
 * @param startTime of its current or last run; the epoch when it never ran
 * @param restarts since the gateway started it
 * @param place where it runs
 * @param cpuStats what it uses
 * @param memStats what it uses
 * @param reported what it said of itself; in JSON these keys stand beside the others and replace none
 */
public record InstanceStatus(
        String name,
        InstanceState status,
        String reason,
        Instant startTime,
        int restarts,
        Place place,
        CpuStats cpuStats,
        MemStats memStats,
        Map<String, Object> reported) {
    public InstanceStatus {
        reported = Map.copyOf(reported);
    }
}
