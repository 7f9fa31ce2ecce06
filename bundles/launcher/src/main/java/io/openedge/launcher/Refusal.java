package io.openedge.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What the file system refuses, in words for the operator. The library that has more of them is a bundle. Stateless. */
final class Refusal {
    /** Named as the process, not as the link to it, which is root's. */
    private static final Path SELF =
            Path.of("/proc", String.valueOf(ProcessHandle.current().pid()));

    private Refusal() {}

    /** @param file to which was written; its owner is named when that is the reason */
    static String sentence(Path file, IOException e) {
        if (e instanceof AccessDeniedException) {
            Path existing = file;
            while (existing.getParent() != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
                existing = existing.getParent();
            }
            return existing + " belongs to user " + owner(existing) + ", and user " + owner(SELF)
                    + " may not write to it; start as " + owner(existing) + " or give it away: chown";
        }
        String reason = e instanceof FileSystemException trouble && trouble.getReason() != null
                ? trouble.getReason()
                : String.valueOf(e.getMessage());
        return reason.contains("No space left") || reason.contains("quota")
                ? "the disk that holds " + file + " is full (" + reason
                        + "); remove what is not needed, such as old logs"
                : "cannot write to " + file + ": " + reason;
    }

    private static String owner(Path file) {
        try {
            return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
