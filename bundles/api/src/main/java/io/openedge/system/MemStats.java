package io.openedge.system;

import java.time.Instant;

/**
 * Memory of a host or of an instance. Immutable. Unit: bytes, percent.
 *
 * @param time of the look
 * @param total there is
 * @param free of it
 * @param used of it
 * @param usedPercent of it
 * @param swapTotal there is
 * @param swapFree of it
 * @param swapUsed of it
 * @param swapUsedPercent of it
 * @param error why the part could not be read
 */
public record MemStats(
        Instant time,
        long total,
        long free,
        long used,
        double usedPercent,
        long swapTotal,
        long swapFree,
        long swapUsed,
        double swapUsedPercent,
        String error) {
    /** Not known. */
    public static final MemStats UNKNOWN = new MemStats(Instant.EPOCH, 0, 0, 0, 0, 0, 0, 0, 0, "");
}
