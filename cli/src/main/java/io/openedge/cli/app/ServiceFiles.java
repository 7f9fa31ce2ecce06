package io.openedge.cli.app;

import io.openedge.app.AppConfig;
import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import io.openedge.app.VolumeSpec;
import io.openedge.config.Applications;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a service as they lie on the host, whether it runs or not: what it sees below a mount is in the volume's
 * folder. Immutable; any thread.
 *
 * @param service of the application
 * @param engine that runs it
 * @param directory of the service, as it is while it runs
 * @param mounts folders of volumes by the path at which the service sees them, inner ones first
 */
public record ServiceFiles(ServiceSpec service, String engine, Path directory, Map<Path, Path> mounts) {
    private static final Path HERE = Path.of("");
    private static final String CONFIGURATION = "etc/openedge/service.yml";

    /** Of each service, in the order of the file. */
    public static List<ServiceFiles> of(Path workDirectory, AppConfig application, String mode) {
        Map<String, Path> volumes = new LinkedHashMap<>();
        for (VolumeSpec volume : application.volumes()) {
            volumes.put(volume.name(), Applications.join(workDirectory, volume.path()));
        }
        return application.services().stream()
                .map(service -> of(workDirectory, service, service.engineIn(mode), volumes))
                .toList();
    }

    private static ServiceFiles of(Path workDirectory, ServiceSpec service, String engine, Map<String, Path> volumes) {
        Map<Path, Path> mounts = new LinkedHashMap<>();
        service.mounts().stream()
                .sorted(Comparator.comparingInt(ServiceFiles::depth).reversed())
                .forEach(mount -> mounts.putIfAbsent(place(mount), volumes.get(mount.name())));
        Path directory = workDirectory.resolve("var/run/openedge/services").resolve(service.name());
        return new ServiceFiles(service, engine, directory, mounts);
    }

    /**
     * The file that the service's configuration names: relative to its directory; an absolute path is the host's, and
     * inside a container the container's.
     */
    public Path host(String path) {
        Path named = Path.of(path);
        if (named.isAbsolute() && !engine.equals("docker")) {
            return named.normalize();
        }
        Path inside = HERE.resolve(named.isAbsolute() ? named.getRoot().relativize(named) : named)
                .normalize();
        for (Map.Entry<Path, Path> mount : mounts.entrySet()) {
            if (inside.startsWith(mount.getKey())) {
                return mount.getValue()
                        .resolve(mount.getKey().relativize(inside))
                        .normalize();
            }
        }
        return directory.resolve(inside).normalize();
    }

    /** Its service.yml, or what its arguments name instead; an absolute path means the service's root first. */
    public Path configuration() {
        int option = service.args().indexOf("-c");
        boolean named = option >= 0 && option + 1 < service.args().size();
        String path = named ? service.args().get(option + 1) : CONFIGURATION;
        if (!Path.of(path).isAbsolute()) {
            return host(path);
        }
        Path inside = host(path.replaceFirst("^/+", ""));
        return Files.exists(inside) ? inside : host(path);
    }

    private static Path place(MountSpec mount) {
        return Applications.join(HERE, mount.path()).normalize();
    }

    private static int depth(MountSpec mount) {
        return place(mount).getNameCount();
    }
}
