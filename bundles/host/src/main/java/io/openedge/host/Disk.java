package io.openedge.host;

import com.sun.jna.NativeLong;
import com.sun.jna.platform.linux.LibC;
import io.openedge.system.DiskStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The file system that holds a folder, by statvfs, which the JVM has without inodes. OSHI would ask every file system of
 * the host, and one that hangs would hold up the rest. As Go's libraries count: free is what is left for an ordinary
 * user, and the percentage leaves out what is kept for root.
 *
 * @param path the folder
 */
record Disk(Path path) {
    DiskStats read(Instant now) throws IOException {
        String type = Files.getFileStore(path).type();
        LibC.Statvfs stat = new LibC.Statvfs();
        if (LibC.INSTANCE.statvfs(path.toString(), stat) != 0) {
            throw new IOException("statvfs of " + path + " failed");
        }
        long block = number(stat.f_frsize);
        long total = number(stat.f_blocks) * block;
        long used = total - number(stat.f_bfree) * block;
        long free = number(stat.f_bavail) * block;
        long inodes = number(stat.f_files);
        long inodesFree = number(stat.f_ffree);
        return new DiskStats(
                now,
                path.toString(),
                type,
                total,
                free,
                used,
                Memory.percent(used, used + free),
                inodes,
                inodes - inodesFree,
                inodesFree,
                Memory.percent(inodes - inodesFree, inodes),
                "");
    }

    /** Unsigned, also where a long has 32 bits. */
    private static long number(NativeLong value) {
        return NativeLong.SIZE == Integer.BYTES ? value.longValue() & 0xffffffffL : value.longValue();
    }
}
