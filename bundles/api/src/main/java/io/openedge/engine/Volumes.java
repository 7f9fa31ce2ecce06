package io.openedge.engine;

import io.openedge.app.MountSpec;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the volumes of an application are on this host. Immutable.
 *
 * @param workDirectory absolute
 * @param directories the existing folder of each volume, absolute, by volume name
 */
public record Volumes(Path workDirectory, Map<String, Path> directories) {
    public Volumes {
        directories = Map.copyOf(directories);
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
