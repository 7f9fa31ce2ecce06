package io.openedge.directory;

import io.openedge.app.ConfigException;
import io.openedge.app.ServiceSpec;
import io.openedge.config.ConfigReader;
import io.openedge.config.Warning;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * package.yml of a package: a volume put it below lib/openedge of a service's directory, or it lies there in the
 * installation. Immutable.
 *
 * @param path of the file, as it was asked for: links are not resolved
 */
public record PackageFile(Path path) {
    private static final String NAME = "package.yml";
    private static final Path PACKAGES = Path.of("lib/openedge");

    /**
     * What a package says of itself.
     *
     * @param entry the program, for the native engine; empty: it has nothing for it
     * @param bundles for the osgi engine; empty: it has nothing for it
     * @param ready whether the program says when it works, by making the file that OPENEDGE_READY_FILE names
     */
    public record Content(String entry, List<String> bundles, boolean ready) {
        public Content {
            entry = entry == null ? "" : entry;
            bundles = bundles == null ? List.of() : List.copyOf(bundles);
        }
    }

    /**
     * The package of an image: under its whole name, a version behind a colon being a folder, or under its module's.
     *
     * @param directory of the service, or the installation
     */
    public static Optional<PackageFile> find(Path directory, String image, String module) {
        return places(image, module)
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .map(PackageFile::new);
    }

    /**
     * The package of a service in its volumes, where its mounts will show it: its directory need not be there yet.
     *
     * @throws EngineException when a mount is not possible
     */
    public static Optional<PackageFile> find(ServiceSpec service, Volumes volumes) throws EngineException {
        List<Mount> mounts = Mount.of(service, volumes);
        return places(service.image(), service.module())
                .flatMap(path -> Mount.behind(mounts, path).stream())
                .filter(Files::isRegularFile)
                .findFirst()
                .map(PackageFile::new);
    }

    private static Stream<Path> places(String image, String module) {
        return Stream.of(image.replace(':', '/'), module)
                .map(name -> PACKAGES.resolve(name.replaceFirst("^/+", ""))
                        .normalize()
                        .resolve(NAME))
                .filter(path -> path.startsWith(PACKAGES));
    }

    /** The folder of the package. */
    public Path folder() {
        return Objects.requireNonNull(path.getParent());
    }

    /**
     * Reads it.
     *
     * @throws ConfigException that names file, line and key
     */
    public Content read(Consumer<Warning> warnings) throws ConfigException {
        return ConfigReader.read(path, Content.class, warnings);
    }
}
