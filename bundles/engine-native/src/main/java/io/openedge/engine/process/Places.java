package io.openedge.engine.process;

import io.openedge.app.ServiceSpec;
import io.openedge.directory.PackageFile;
import io.openedge.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where programs may lie. Immutable.
 *
 * @param home the installation
 * @param roots of the folders in which a program must really be, links resolved
 */
record Places(Path home, List<Path> roots) {
    private static final String PACKAGES = "lib/openedge";

    Places {
        roots = List.copyOf(roots);
    }

    /** The work directory, and what the installation brings. */
    static Places of(Path workDirectory, Path home) throws EngineException {
        try {
            List<Path> roots = new ArrayList<>(List.of(workDirectory.toRealPath()));
            if (Files.isDirectory(home.resolve(PACKAGES))) {
                roots.add(home.resolve(PACKAGES).toRealPath());
            }
            return new Places(home, roots);
        } catch (IOException e) {
            throw new EngineException("the work directory cannot be used: " + e, e);
        }
    }

    /**
     * The package of a volume, else that of the installation.
     *
     * @throws EngineException when there is neither
     */
    PackageFile find(ServiceSpec service, Optional<PackageFile> ofVolume) throws EngineException {
        return ofVolume.or(() -> PackageFile.find(home, service.module(), service.module()))
                .orElseThrow(() -> new EngineException(
                        "service '" + service.name() + "': there is no package for the image '" + service.image()
                                + "': no volume brings " + PACKAGES + "/"
                                + service.image().replace(':', '/') + "/package.yml, and "
                                + home.resolve(PACKAGES).resolve(service.module()) + " has none either"));
    }
}
