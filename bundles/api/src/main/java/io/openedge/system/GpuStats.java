package io.openedge.system;

import java.time.Instant;
import java.util.List;

/**
 * Graphics processors. Immutable.
 *
 * @param time of the look
 * @param gpus each of them
 * @param error why the part could not be read
 */
public record GpuStats(Instant time, List<Gpu> gpus, String error) {
    /** Not known, or none. */
    public static final GpuStats UNKNOWN = new GpuStats(Instant.EPOCH, List.of(), "");

    public GpuStats {
        gpus = List.copyOf(gpus);
    }

    /**
     * @param index as its driver numbers it
     * @param model its name
     * @param memTotal bytes
     * @param memFree bytes
     * @param memUsedPercent of its memory
     * @param gpuUsedPercent of its time
     */
    public record Gpu(
            String index, String model, long memTotal, long memFree, double memUsedPercent, double gpuUsedPercent) {}
}
