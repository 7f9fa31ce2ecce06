package io.openedge.master.app;

import io.openedge.app.AppConfig;
import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import io.openedge.app.VolumeSpec;
import io.openedge.config.Applications;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Which volumes several services get at that run as somebody else than the gateway. Stateless. */
final class SharedVolumes {
    private static final Path ROOT = Path.of("");

    private SharedVolumes() {}

    /** The volumes at which at most one such service gets, also through a volume around or inside of it. */
    static Set<String> alone(AppConfig application, String mode) {
        Set<String> alone = new HashSet<>();
        for (VolumeSpec volume : application.volumes()) {
            long users = application.services().stream()
                    .filter(service -> runsAsAnother(service, mode) && getsAt(service, volume, application))
                    .count();
            if (users <= 1) {
                alone.add(volume.name());
            }
        }
        return alone;
    }

    private static boolean runsAsAnother(ServiceSpec service, String mode) {
        return !service.user().isEmpty() || service.engineIn(mode).equals("docker");
    }

    private static boolean getsAt(ServiceSpec service, VolumeSpec volume, AppConfig application) {
        Set<String> mounted = new HashSet<>();
        service.mounts().stream().map(MountSpec::name).forEach(mounted::add);
        Path folder = folder(volume);
        return application.volumes().stream()
                .filter(other -> mounted.contains(other.name()))
                .map(SharedVolumes::folder)
                .anyMatch(other -> other.startsWith(folder) || folder.startsWith(other));
    }

    private static Path folder(VolumeSpec volume) {
        return Applications.join(ROOT, volume.path()).normalize();
    }
}
