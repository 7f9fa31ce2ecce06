package io.openedge.engine.osgi;

import io.openedge.app.MountSpec;
import io.openedge.app.Resources;
import io.openedge.app.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the operator should know of an entry that this engine cannot honour. Stateless; any thread. */
final class Remarks {
    private Remarks() {}

    /** The keys of the entry that have no effect, as one sentence. */
    static Optional<String> withoutEffect(ServiceSpec service) {
        List<String> keys = new ArrayList<>();
        if (!service.ports().isEmpty()) {
            keys.add("ports" + reallyOpen(service.ports()));
        }
        if (!service.devices().isEmpty()) {
            keys.add("devices");
        }
        if (!service.runtime().isEmpty()) {
            keys.add("runtime");
        }
        if (!service.resources().equals(Resources.NONE)) {
            keys.add("resources");
        }
        if (!service.user().isEmpty()) {
            keys.add("user");
        }
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of("service " + service.name() + ": without effect under the engine osgi: "
                        + String.join(", ", keys));
    }

    private static String reallyOpen(List<String> ports) {
        String open = ports.stream()
                .map(port -> port.replaceFirst("/.*", "").split(":"))
                .filter(parts -> parts.length > 1 && !parts[parts.length - 2].equals(parts[parts.length - 1]))
                .map(parts -> parts[parts.length - 1] + " is open and not " + parts[parts.length - 2])
                .collect(Collectors.joining(", "));
        return open.isEmpty() ? "" : " (" + open + ")";
    }

    /** The mounts that the service could write to although it should not. */
    static Optional<String> notReadOnly(ServiceSpec service) {
        List<String> paths = service.mounts().stream()
                .filter(MountSpec::readOnly)
                .map(MountSpec::path)
                .toList();
        return paths.isEmpty()
                ? Optional.empty()
                : Optional.of("service " + service.name()
                        + ": the engine osgi cannot keep modules from writing to readonly mounts: "
                        + String.join(", ", paths));
    }
}
