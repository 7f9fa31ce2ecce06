package io.openedge.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;

/** A zip archive of a folder, which knows what can be executed. Stateless. */
final class Archive {
    private Archive() {}

    /** Packs all files below a folder; the archive is whole before it has its name. */
    static void pack(Path folder, Path zip) throws IOException, CommandException {
        Path target = zip.toAbsolutePath().normalize();
        if (target.startsWith(folder)) {
            throw new CommandException(zip + " lies in the folder that is packed; name another place");
        }
        Path begun = target.resolveSibling(target.getFileName() + ".new");
        Files.deleteIfExists(begun);
        try (FileSystem archive = FileSystems.newFileSystem(
                URI.create("jar:" + begun.toUri()), Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
            Files.walkFileTree(folder, new Packing(folder, archive));
        }
        Files.move(begun, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static final class Packing extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final FileSystem archive;

        Packing(Path folder, FileSystem archive) {
            this.folder = folder;
            this.archive = archive;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (!attributes.isRegularFile()) {
                throw new IOException(file + " is no file; only files and folders are packed");
            }
            Path packed = archive.getPath("/", folder.relativize(file).toString());
            Files.createDirectories(Objects.requireNonNull(packed.getParent()));
            Files.copy(file, packed);
            Files.setPosixFilePermissions(packed, Files.getPosixFilePermissions(file));
            return FileVisitResult.CONTINUE;
        }
    }
}
