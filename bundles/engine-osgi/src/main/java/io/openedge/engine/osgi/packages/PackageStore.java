package io.openedge.engine.osgi.packages;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Copies of packages on the disk, SERVICE/DIGEST/N-NAME.jar: a jar of it never changes, whatever happens to the volume. An
 * entry is whole on the disk before it has its name. Thread rule: one thread at a time for one service.
 */
final class PackageStore {
    private static final String STAGING = ".new";

    private final Path folder;

    PackageStore(Path folder) {
        this.folder = folder;
    }

    /**
     * Keeps a package; one that is there and whole is left alone.
     *
     * @param digest of the content
     */
    StoredPackage keep(String service, String digest, PackageContent content) throws IOException {
        Path place = folder.resolve(service).resolve(digest);
        List<String> names = names(content);
        List<Path> jars = names.stream().map(place::resolve).toList();
        if (!isWhole(jars, digest)) {
            Path staging = folder.resolve(service).resolve(STAGING);
            delete(staging);
            Files.createDirectories(staging);
            try {
                copy(content, names, staging, digest);
                delete(place); // damaged, and not in use
                Files.move(staging, place, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                delete(staging); // half a package takes no space on a full disk
                throw e;
            }
            force(place.getParent());
        }
        return new StoredPackage(new Region(service, digest), jars);
    }

    private static List<String> names(PackageContent content) {
        List<String> names = new ArrayList<>();
        for (Path jar : content.jars()) {
            names.add(names.size() + "-" + jar.getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "_"));
        }
        return names;
    }

    private static boolean isWhole(List<Path> jars, String digest) throws IOException {
        return jars.stream().allMatch(Files::isRegularFile)
                && PackageContent.digest(jars).equals(digest);
    }

    private static void copy(PackageContent content, List<String> names, Path staging, String digest)
            throws IOException {
        List<Path> copies = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Path copy = staging.resolve(names.get(i));
            Files.copy(content.jars().get(i), copy);
            force(copy);
            copies.add(copy);
        }
        force(staging);
        if (!PackageContent.digest(copies).equals(digest)) {
            throw new IOException("the package changed while it was read");
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Whether it has something of that name, whole or not. */
    boolean has(String service, String digest) {
        return Files.exists(folder.resolve(service).resolve(digest));
    }

    /** Removes one version of a package. */
    void remove(String service, String digest) throws IOException {
        Path entries = folder.resolve(service);
        if (Files.isDirectory(entries, LinkOption.NOFOLLOW_LINKS)) {
            delete(entries.resolve(digest));
            if (children(entries).isEmpty()) {
                Files.delete(entries);
            }
        }
    }

    /** The services that have something here. */
    Set<String> services() throws IOException {
        return Files.isDirectory(folder) ? children(folder) : Set.of();
    }

    /** Removes what it has of a service, but for some versions. */
    void removeBut(String service, Set<String> digests) throws IOException {
        Path entries = folder.resolve(service);
        if (!Files.isDirectory(entries, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        for (String entry : children(entries)) {
            if (!digests.contains(entry)) {
                delete(entries.resolve(entry));
            }
        }
        if (children(entries).isEmpty()) {
            Files.delete(entries);
        }
    }

    private static Set<String> children(Path path) throws IOException {
        try (Stream<Path> children = Files.list(path)) {
            return children.map(child -> child.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    /** An entry holds no folders. */
    private static void delete(Path entry) throws IOException {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            for (String file : children(entry)) {
                Files.delete(entry.resolve(file));
            }
        }
        Files.deleteIfExists(entry);
    }
}
