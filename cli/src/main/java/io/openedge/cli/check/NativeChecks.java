package io.openedge.cli.check;

import io.openedge.app.MountSpec;
import io.openedge.cli.app.ServiceFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the native engine needs of this host to do all that it can. Stateless. */
final class NativeChecks {
    /** What is lost without a program. */
    private static final Map<String, String> TOOLS = Map.of(
            "setsid", "processes of services share the gateway's session",
            "bash", "programs do not bear the names of their instances");

    static final String UTIL = "install the package util-linux";

    private NativeChecks() {}

    static void processes(Subject subject, Report report) {
        String path = subject.environment().getOrDefault("PATH", "");
        List<ServiceFiles> services = subject.services().stream()
                .filter(service -> service.engine().equals("native"))
                .toList();
        if (services.isEmpty()) {
            return;
        }
        TOOLS.forEach((tool, loss) -> {
            if (!isThere(tool, path)) {
                report.warn("native", "there is no " + tool + ": " + loss, "install it");
            }
        });
        readOnly(services, subject.isRoot(), path, report);
    }

    private static void readOnly(List<ServiceFiles> services, boolean root, String path, Report report) {
        String names = services.stream()
                .map(ServiceFiles::service)
                .filter(service -> service.mounts().stream().anyMatch(MountSpec::readOnly))
                .map(service -> service.name())
                .collect(Collectors.joining(", "));
        if (!names.isEmpty() && !(root && isThere("unshare", path) && isThere("mount", path))) {
            report.warn(
                    "native",
                    "readonly mounts are not enforced: " + names,
                    root ? UTIL : "only a gateway that runs as root can do that");
        }
    }

    static boolean isThere(String tool, String path) {
        return Stream.of((path + ":/usr/bin:/bin:/usr/sbin").split(":"))
                .map(folder -> Path.of(folder).resolve(tool))
                .anyMatch(Files::isExecutable);
    }
}
