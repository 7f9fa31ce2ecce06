package io.openedge.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What has to stay free on a disk. Immutable; any thread.
 *
 * @param reserve bytes
 */
public record DiskBudget(long reserve) {
    /**
     * Refuses what would not leave the reserve free.
     *
     * @param where a folder on the disk
     * @param bytes about to be written
     * @param what is written, for the message
     * @throws NoRoomException says how much is there
     */
    public void require(Path where, long bytes, String what) throws IOException {
        long free = Files.getFileStore(where).getUsableSpace();
        if (bytes > free - reserve) {
            throw new NoRoomException(what + " needs " + mebibytes(bytes) + " MiB on the disk; free are "
                    + mebibytes(free) + " MiB, of which " + mebibytes(reserve) + " MiB stay free");
        }
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
