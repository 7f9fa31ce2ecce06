package io.openedge.engine;

import io.openedge.app.MountSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Where the volumes of an application are on this host. Immutable.
 *
 * @param workDirectory absolute
 * @param directories the existing folder of each volume, absolute, by volume name
 * @param alone the volumes at which at most one service gets that does not run as the gateway's user
 */
public record Volumes(Path workDirectory, Map<String, Path> directories, Set<String> alone) {
    public Volumes {
        directories = Map.copyOf(directories);
        alone = Set.copyOf(alone);
    }

    /** Volumes of which any may be shared. */
    public Volumes(Path workDirectory, Map<String, Path> directories) {
        this(workDirectory, directories, Set.of());
    }

    /** The folder of the volume that is mounted. */
    public Path of(MountSpec mount) {
        Path directory = directories.get(mount.name());
        if (directory == null) {
            throw new IllegalArgumentException("no volume '" + mount.name() + "'");
        }
        return directory;
    }
}
