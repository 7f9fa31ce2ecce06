package io.openedge.engine.docker;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerConfig;
import io.openedge.app.ServiceSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How tightly a container is held: what the service says, or what its image is made for. Immutable.
 *
 * @param module whether its image is that of a module
 * @param user as Docker takes it; empty: the image's
 * @param readOnly whether its root is
 * @param dropped capabilities that Docker would give
 * @param kept of these, what it has all the same
 * @param writable folders that the image declares as volumes: each container has its own, also on a read-only root
 */
record Confinement(
        boolean module,
        String user,
        boolean readOnly,
        Set<Capability> dropped,
        Set<Capability> kept,
        Set<Path> writable) {
    /** On images that need no more than a gateway's module: its user, no root that can be written, no capabilities. */
    static final String LABEL = "io.openedge.module";

    /** @param gateway whoever it runs as: what it writes for its modules is theirs, and the other way round */
    static Confinement of(ServiceSpec service, ContainerConfig image, Owner gateway) {
        boolean module = "true"
                .equals(Optional.ofNullable(image.getLabels())
                        .map(labels -> labels.get(LABEL))
                        .orElse(""));
        Set<Path> writable = Optional.<Map<String, ?>>ofNullable(image.getVolumes()).orElse(Map.of()).keySet().stream()
                .map(Path::of)
                .collect(Collectors.toSet());
        if (!module) {
            return new Confinement(false, service.user(), service.readOnly(), Set.of(), Set.of(), writable);
        }
        boolean named = !service.user().isEmpty();
        // the work directory may have belonged to somebody else: a root without it could not write there
        Set<Capability> kept = gateway.user() == Owner.ROOT && !named ? Set.of(Capability.DAC_OVERRIDE) : Set.of();
        return new Confinement(
                true, named ? service.user() : gateway.text(), true, Set.of(Capability.ALL), kept, writable);
    }
}
