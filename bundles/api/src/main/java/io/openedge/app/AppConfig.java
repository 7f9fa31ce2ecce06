package io.openedge.app;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An application: what application.yml says. Immutable.
 *
 * @param version reported as {@code conf_version}; empty when the file names none
 * @param services in the order in which they are started
 * @param volumes the folders that services mount
 */
public record AppConfig(String version, List<ServiceSpec> services, List<VolumeSpec> volumes) {
    /** No services at all: what runs while there is no application.yml. */
    public static final AppConfig NONE = new AppConfig("", List.of(), List.of());

    public AppConfig {
        version = version == null ? "" : version;
        services = services == null ? List.of() : List.copyOf(services);
        volumes = volumes == null ? List.of() : List.copyOf(volumes);
        List<InvalidValueException> wrong = new ArrayList<>();
        Set<String> volumeNames =
                unique("volumes", volumes.stream().map(VolumeSpec::name).toList(), wrong);
        unique("services", services.stream().map(ServiceSpec::name).toList(), wrong);
        for (int s = 0; s < services.size(); s++) {
            List<MountSpec> mounts = services.get(s).mounts();
            for (int m = 0; m < mounts.size(); m++) {
                if (!volumeNames.contains(mounts.get(m).name())) {
                    wrong.add(new InvalidValueException(
                            "services[" + s + "].mounts[" + m + "].name",
                            mounts.get(m).name(),
                            "the name of a volume of this application: "
                                    + volumeNames.stream().sorted().collect(Collectors.joining(", "))));
                }
            }
        }
        InvalidValueException.throwAll(wrong);
    }

    private static Set<String> unique(String list, List<String> names, List<InvalidValueException> wrong) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.add(names.get(i))) {
                wrong.add(new InvalidValueException(
                        list + "[" + i + "].name", names.get(i), "a name that no other entry of " + list + " has"));
            }
        }
        return seen;
    }
}
