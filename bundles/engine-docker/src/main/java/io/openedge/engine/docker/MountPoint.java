package io.openedge.engine.docker;

import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import io.openedge.app.InvalidValueException;
import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import io.openedge.config.Applications;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A folder or socket of the host that is bound into a container. Immutable.
 *
 * @param source on the host, absolute
 * @param target in the container, absolute
 */
record MountPoint(Path source, Path target, boolean readOnly) {
    private static final Path ROOT = Path.of("/");

    /** @throws EngineException when a path climbs out or is there twice, or a volume's folder is missing */
    static List<MountPoint> of(ServiceSpec service, Volumes volumes) throws EngineException {
        List<MountPoint> points = new ArrayList<>();
        Set<Path> taken = new HashSet<>();
        for (MountSpec spec : service.mounts()) {
            MountPoint point = of(service, spec, volumes);
            if (!taken.add(point.target)) {
                throw refused(service, spec, "another volume is mounted there already");
            }
            points.add(point);
        }
        return List.copyOf(points);
    }

    private static MountPoint of(ServiceSpec service, MountSpec spec, Volumes volumes) throws EngineException {
        try {
            Path source = volumes.of(spec).toAbsolutePath().normalize();
            Path target = Applications.join(ROOT, spec.path());
            if (target.equals(ROOT)) {
                throw refused(service, spec, "the path is the root of the container itself");
            }
            if (!Files.isDirectory(source)) {
                throw refused(service, spec, source + " is no folder");
            }
            return new MountPoint(source, target, spec.readOnly());
        } catch (InvalidValueException e) {
            throw refused(service, spec, "allowed: " + e.allowed());
        } catch (IllegalArgumentException e) {
            throw refused(service, spec, String.valueOf(e.getMessage()));
        }
    }

    private static EngineException refused(ServiceSpec service, MountSpec spec, String why) {
        return new EngineException("service '" + service.name() + "': the volume '" + spec.name()
                + "' cannot be mounted at '" + spec.path() + "': " + why);
    }

    /** As a structure: in Docker's own notation a colon in a path would be a separator. */
    Mount bind() {
        return new Mount()
                .withType(MountType.BIND)
                .withSource(source.toString())
                .withTarget(target.toString())
                .withReadOnly(readOnly);
    }
}
