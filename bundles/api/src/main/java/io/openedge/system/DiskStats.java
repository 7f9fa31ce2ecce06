package io.openedge.system;

import java.time.Instant;

/**
 * The file system of the work directory. Immutable. Unit: bytes, percent, inodes.
 *
 * @param time of the look
 * @param path that was looked at
 * @param fstype for example ext4
 * @param total there is
 * @param free of it
 * @param used of it
 * @param usedPercent of it
 * @param inodesTotal there are
 * @param inodesUsed of them
 * @param inodesFree of them
 * @param inodesUsedPercent of them
 * @param error why the part could not be read
 */
public record DiskStats(
        Instant time,
        String path,
        String fstype,
        long total,
        long free,
        long used,
        double usedPercent,
        long inodesTotal,
        long inodesUsed,
        long inodesFree,
        double inodesUsedPercent,
        String error) {
    /** Not known. */
    public static final DiskStats UNKNOWN = new DiskStats(Instant.EPOCH, "", "", 0, 0, 0, 0, 0, 0, 0, 0, "");
}
