package io.openedge.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The distribution that this build made, unpacked: an installation that no test changes. */
final class Distribution {
    private static final Path PROJECT = Path.of(System.getProperty("openedge.project"));
    private static final String NAME = "openedge-" + System.getProperty("openedge.version");

    private Distribution() {}

    /** The checkout. */
    static Path project() {
        return PROJECT;
    }

    /** The installation. */
    static Path home() {
        return PROJECT.resolve("distribution/target").resolve(NAME);
    }

    /** The archive that an operator gets. */
    static Path zip() {
        return PROJECT.resolve("distribution/target").resolve(NAME + ".zip");
    }

    /** All bundles of ours. */
    static List<Path> ownBundles() throws IOException {
        try (Stream<Path> files = Files.list(home().resolve("bundles"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("io.openedge."))
                    .sorted()
                    .toList();
        }
    }

    /** The bundles of a feature, in its order. */
    static List<Path> feature(String name) throws IOException {
        return Files.readAllLines(home().resolve("features").resolve(name + ".list")).stream()
                .filter(line -> line.startsWith("bundle "))
                .map(line -> home().resolve("bundles")
                        .resolve(line.substring("bundle ".length()).strip()))
                .toList();
    }
}
