package io.openedge.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/** What the file system refuses, in words for the operator: which file, why, and whose it is. Stateless; any thread. */
public final class FileTrouble {
    private FileTrouble() {}

    /** A sentence without a stop at its end. */
    public static String sentence(IOException e) {
        if (!(e instanceof FileSystemException trouble) || trouble.getFile() == null) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
        String file = trouble.getFile();
        if (e instanceof AccessDeniedException) {
            return denied(Path.of(file));
        }
        if (e instanceof NoSuchFileException) {
            return file + ": there is no such file or folder";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return file + ": is there and is no folder";
        }
        String reason = trouble.getReason() == null ? e.toString() : trouble.getReason();
        return reason.contains("No space left") || reason.contains("quota")
                ? file + ": the disk is full (" + reason + "); remove what is not needed"
                : file + ": " + reason;
    }

    /** The same about an error that may not name its file itself, as one of a write. */
    public static String sentence(Path file, IOException e) {
        return sentence(
                e instanceof FileSystemException
                        ? e
                        : new FileSystemException(file.toString(), null, String.valueOf(e.getMessage())));
    }

    /** Why this user may not write to a file or folder, or make it; empty: it may. */
    public static Optional<String> writing(Path path) {
        Path existing = existing(path);
        return Files.isWritable(existing) ? Optional.empty() : Optional.of(denied(existing));
    }

    /** The user of this process; its number where it has no name. */
    public static String user() {
        try {
            return Files.getOwner(Path.of("/proc/self")).getName();
        } catch (IOException e) {
            return System.getProperty("user.name", "unknown");
        }
    }

    /** The user to whom a file belongs; its number where it has no name. */
    public static String owner(Path file) {
        try {
            return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String denied(Path path) {
        Path existing = existing(path);
        String owner = owner(existing);
        String user = user();
        if (!owner.equals(user) && !user.equals("root")) {
            return existing + " belongs to user " + owner + ", and user " + user + " may not write to it; start as "
                    + owner + " or give it away: chown";
        }
        return existing + ": user " + user + " may not write to it; its rights or a read-only disk forbid it";
    }

    private static Path existing(Path path) {
        Path existing = path.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        return existing;
    }
}
