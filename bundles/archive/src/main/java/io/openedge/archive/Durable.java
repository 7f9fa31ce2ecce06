package io.openedge.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Changes of files and folders that survive a power cut: afterwards there is the old or the new, never a part. Stateless;
 * any thread, but one at a time for a path.
 */
public final class Durable {
    private Durable() {}

    /** Replaces the content of a file. */
    public static void write(Path file, byte[] content) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.write(written, content);
        sync(written);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        sync(parent(file));
    }

    /**
     * Moves a folder, on the same disk, to a place where nothing is. All its content is on the disk before it appears
     * there.
     *
     * @throws IOException when something is there, or the place is on another disk
     */
    public static void place(Path folder, Path place) throws IOException {
        syncTree(folder);
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(place + ": something is there already");
        }
        Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
        sync(parent(place));
    }

    /** Makes folders, and sees to it that they stay. */
    public static void folders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        folders(parent(folder));
        Files.createDirectory(folder);
        sync(parent(folder));
    }

    /**
     * Removes a folder with all in it, when it is there. Links are removed as links; a folder that turns into a link
     * meanwhile leads nowhere.
     */
    public static void deleteTree(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(folder);
            return;
        }
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent(folder))) {
            if (!(siblings instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException(folder + " cannot be removed safely on this file system");
            }
            Path name = folder.getFileName();
            empty(secure, name);
            secure.deleteDirectory(name);
        }
        sync(parent(folder));
    }

    private static void empty(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        try (SecureDirectoryStream<Path> folder = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            for (Path entry : folder) {
                Path child = entry.getFileName();
                BasicFileAttributes attributes = folder.getFileAttributeView(
                                child, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes();
                if (attributes.isDirectory()) {
                    empty(folder, child);
                    folder.deleteDirectory(child);
                } else {
                    folder.deleteFile(child);
                }
            }
        }
    }

    private static void syncTree(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    sync(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                sync(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** A folder is synced like a file: Linux takes a descriptor of either. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path parent(Path path) throws NoSuchFileException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new NoSuchFileException(path.toString());
        }
        return parent;
    }
}
