package io.openedge.master.status;

import io.openedge.app.AppConfig;
import io.openedge.system.Hardware;
import io.openedge.system.Inspect;
import io.openedge.system.ServiceStatus;
import io.openedge.system.Software;
import io.openedge.system.UpdateProgress;
import io.openedge.system.VolumeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The parts of a look at the gateway that do not change while it runs. Immutable; any thread.
 *
 * @param workDirectory absolute
 * @param mode engine of services that name none
 * @param version of the gateway
 */
public record Snapshot(String workDirectory, String mode, String version) {
    private static final Map<String, String> ARCHITECTURES = Map.of(
            "x86_64", "amd64", "x86", "386", "i386", "386", "aarch64", "arm64", "riscv64", "riscv64", "ppc64le",
            "ppc64le");

    /**
     * One look.
     *
     * @param errors what is wrong, one sentence each
     */
    public Inspect inspect(
            Instant time,
            List<String> errors,
            AppConfig application,
            Hardware hardware,
            List<ServiceStatus> services,
            UpdateProgress update) {
        return new Inspect(
                String.join("; ", errors),
                time,
                software(application.version()),
                hardware,
                services,
                application.volumes().stream()
                        .map(volume ->
                                new VolumeStatus(volume.name(), volume.meta().version()))
                        .toList(),
                update);
    }

    private Software software(String applicationVersion) {
        return new Software(
                System.getProperty("os.name").toLowerCase(Locale.ROOT),
                architecture(System.getProperty("os.arch")),
                workDirectory,
                mode,
                "java " + System.getProperty("java.version"),
                version,
                applicationVersion);
    }

    /** Java's word for an architecture in Go's words. */
    static String architecture(String java) {
        return java.startsWith("arm") ? "arm" : ARCHITECTURES.getOrDefault(java, java);
    }
}
