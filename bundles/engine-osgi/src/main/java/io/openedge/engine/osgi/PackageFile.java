package io.openedge.engine.osgi;

import io.openedge.app.ConfigException;
import io.openedge.config.ConfigReader;
import io.openedge.config.Warning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A package that a volume put below lib/openedge of a service's directory. Immutable. */
record PackageFile(Path path) {
    private static final String NAME = "package.yml";

    /**
     * What a package says of itself.
     *
     * @param entry the program, for the native engine
     * @param bundles for this engine; empty: it has nothing for it
     */
    record Content(String entry, List<String> bundles) {
        Content {
            entry = entry == null ? "" : entry;
            bundles = bundles == null ? List.of() : List.copyOf(bundles);
        }
    }

    /** The package of an image: under its whole name as for the native engine, or under its module's. */
    static Optional<PackageFile> find(Path directory, String image, String module) {
        Path packages = directory.resolve("lib/openedge");
        return Stream.of(image.replace(':', '/'), module)
                .map(name -> packages.resolve(name.replaceFirst("^/+", ""))
                        .normalize()
                        .resolve(NAME))
                .filter(path -> path.startsWith(packages) && Files.isRegularFile(path))
                .findFirst()
                .map(PackageFile::new);
    }

    Content read(Consumer<Warning> warnings) throws ConfigException {
        return ConfigReader.read(path, Content.class, warnings);
    }
}
