package io.openedge.directory;

import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A mount that has been looked at. Immutable.
 *
 * @param name of the volume
 * @param path below the service's directory, normalized, never empty
 * @param target the volume's folder, absolute
 * @param readOnly whether the service may not write there
 * @param alone whether no other service that runs as somebody else gets at the volume
 */
public record Mount(String name, Path path, Path target, boolean readOnly, boolean alone) {

    /**
     * The mounts of a service, outer ones first.
     *
     * @throws EngineException when a path climbs out or is there twice, or a volume's folder is missing
     */
    static List<Mount> of(ServiceSpec service, Volumes volumes) throws EngineException {
        List<Mount> mounts = new ArrayList<>();
        for (MountSpec spec : service.mounts()) {
            Mount mount = of(service, spec, volumes);
            for (Mount other : mounts) {
                if (other.path.equals(mount.path)) {
                    throw refused(service, spec, "the volume '" + other.name + "' is mounted there already");
                }
            }
            mounts.add(mount);
        }
        mounts.sort(Comparator.comparingInt(mount -> mount.path.getNameCount()));
        return List.copyOf(mounts);
    }

    private static Mount of(ServiceSpec service, MountSpec spec, Volumes volumes) throws EngineException {
        Path path = below(service, spec);
        if (path.toString().isEmpty()) {
            throw refused(service, spec, "the path is the root of the service itself");
        }
        if (path.startsWith("..")) {
            throw refused(service, spec, "the path climbs out of the service's directory");
        }
        Path target;
        try {
            target = volumes.of(spec).toAbsolutePath().normalize();
        } catch (IllegalArgumentException e) {
            throw refused(service, spec, e.getMessage());
        }
        if (!Files.isDirectory(target)) {
            throw refused(service, spec, target + " is no folder");
        }
        return new Mount(
                spec.name(), path, target, spec.readOnly(), volumes.alone().contains(spec.name()));
    }

    /** A path is joined to the service's root, also when it starts with a slash. */
    private static Path below(ServiceSpec service, MountSpec spec) throws EngineException {
        try {
            return Path.of(spec.path().replaceFirst("^/+", "")).normalize();
        } catch (InvalidPathException e) {
            throw refused(service, spec, e.getMessage());
        }
    }

    private static EngineException refused(ServiceSpec service, MountSpec spec, String why) {
        return new EngineException("service '" + service.name() + "': the volume '" + spec.name()
                + "' cannot be mounted at '" + spec.path() + "': " + why);
    }

    /** The innermost of the mounts that this one lies in. */
    Optional<Mount> outer(List<Mount> mounts) {
        return mounts.stream()
                .filter(other -> !other.path.equals(path) && path.startsWith(other.path))
                .max(Comparator.comparingInt(other -> other.path.getNameCount()));
    }

    /** What a path below the service's directory is behind the innermost of the mounts; empty when it lies in none. */
    static Optional<Path> behind(List<Mount> mounts, Path path) {
        return mounts.stream()
                .filter(mount -> path.startsWith(mount.path))
                .max(Comparator.comparingInt(mount -> mount.path.getNameCount()))
                .map(mount -> mount.target.resolve(mount.path.relativize(path)));
    }
}
