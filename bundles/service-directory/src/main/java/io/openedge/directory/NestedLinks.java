package io.openedge.directory;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Links for mounts that lie inside another mount. They are made inside the outer volume, which may be shared: a link
 * that several services want is made once and removed with the last of them, and what the volume holds is never
 * replaced. The one exception is an empty folder, the mount point that containers leave behind: it comes back at the
 * end.
 *
 * <p>Thread rule: any thread.
 */
final class NestedLinks {
    private final Map<Path, Link> links = new HashMap<>(); // guarded by this

    /** Undoes a link. */
    interface Lease {
        void release() throws IOException;
    }

    /**
     * @param volume the folder of the outer volume
     * @param link inside it
     * @param target the folder of the inner volume
     * @throws FileSystemException when something else is there, or a link lies on the way
     */
    synchronized Lease acquire(Path volume, Path link, Path target) throws IOException {
        Link known = links.get(link);
        if (known != null && !known.target.equals(target)) {
            throw new FileAlreadyExistsException(link.toString(), null, "another service mounts something else there");
        }
        if (known == null) {
            if (Files.exists(link) && !isLinkTo(link, target) && Files.isSameFile(link, target)) {
                return () -> {}; // the inner volume's folder lies there anyway
            }
            known = make(volume, link, target);
            links.put(link, known);
        }
        known.users++;
        return () -> release(link);
    }

    private static Link make(Path volume, Path link, Path target) throws IOException {
        List<Path> made = new ArrayList<>();
        try {
            makeParents(volume, link, made);
            boolean wasFolder = Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS) && removedEmpty(link);
            if (!isLinkTo(link, target)) { // else: left over from a crash
                Files.createSymbolicLink(link, target);
            }
            return new Link(target, made, wasFolder);
        } catch (IOException e) {
            removeEmpty(made);
            throw e;
        }
    }

    private static void makeParents(Path volume, Path link, List<Path> made) throws IOException {
        Path folder = volume;
        for (Path step : volume.relativize(link.getParent())) {
            folder = folder.resolve(step).normalize();
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(folder);
                made.add(0, folder);
            } else if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileSystemException(folder.toString(), null, "it is no folder of the volume");
            }
        }
    }

    private static boolean removedEmpty(Path folder) throws IOException {
        try (var entries = Files.newDirectoryStream(folder)) {
            if (entries.iterator().hasNext()) {
                throw new FileAlreadyExistsException(folder.toString(), null, "the outer volume has files there");
            }
        }
        Files.delete(folder);
        return true;
    }

    private static boolean isLinkTo(Path link, Path target) throws IOException {
        return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target);
    }

    private synchronized void release(Path link) throws IOException {
        Link known = links.get(link);
        if (--known.users > 0) {
            return;
        }
        links.remove(link);
        if (!isLinkTo(link, known.target)) {
            return; // somebody replaced it: it is not ours any more
        }
        Files.delete(link);
        if (known.wasFolder) {
            Files.createDirectory(link);
        }
        removeEmpty(known.made);
    }

    private static void removeEmpty(List<Path> made) throws IOException {
        for (Path folder : made) {
            try (var entries = Files.newDirectoryStream(folder)) {
                if (entries.iterator().hasNext()) {
                    return;
                }
            }
            Files.delete(folder);
        }
    }

    private static final class Link {
        private final Path target;
        private final List<Path> made; // parents, innermost first
        private final boolean wasFolder;
        private int users;

        private Link(Path target, List<Path> made, boolean wasFolder) {
            this.target = target;
            this.made = made;
            this.wasFolder = wasFolder;
        }
    }
}
