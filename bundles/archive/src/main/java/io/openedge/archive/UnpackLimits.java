package io.openedge.archive;

/**
 * How much an archive may become. Immutable.
 *
 * @param entries files, folders and links in it
 * @param totalBytes of all its files unpacked
 * @param ratio of the unpacked bytes to those of the archive, looked at beyond {@link #SMALL} bytes
 * @param disk what stays free
 */
public record UnpackLimits(int entries, long totalBytes, int ratio, DiskBudget disk) {
    /** So much may come out of any archive, however well it is packed. */
    static final long SMALL = 16L << 20;

    public UnpackLimits {
        if (entries < 1 || totalBytes < 1 || ratio < 1) {
            throw new IllegalArgumentException(entries + " entries, " + totalBytes + " bytes, ratio " + ratio);
        }
    }

    /** 100,000 entries, the bytes given, a hundred times the archive. */
    public static UnpackLimits of(long totalBytes, DiskBudget disk) {
        return new UnpackLimits(100_000, totalBytes, 100, disk);
    }

    /** The bytes that an archive may become. */
    long bytesFor(long archiveBytes) {
        return Math.min(totalBytes, Math.max(SMALL, Math.multiplyExact(Math.min(archiveBytes, 1L << 40), (long)
                ratio)));
    }
}
