package io.openedge.cli.check;

import io.openedge.app.MountSpec;
import io.openedge.cli.app.ServiceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
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

    private static final String UTIL = "install the package util-linux";

    private NativeChecks() {}

    static void processes(Subject subject, Report report) throws IOException {
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        String path = subject.environment().getOrDefault("PATH", "");
        for (ServiceFiles service : subject.services()) {
            if (!service.engine().equals("docker")) {
                user(service, root, path, report);
            }
        }
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
        readOnly(services, root, path, report);
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

    private static void user(ServiceFiles service, boolean root, String path, Report report) throws IOException {
        String user = service.service().user();
        String what = "service " + service.service().name() + " cannot run as user " + user;
        if (user.isEmpty()) {
            return;
        }
        if (!root) {
            report.fail("native", what, "only a gateway that runs as root can start it so");
        } else if (!isThere("setpriv", path)) {
            report.fail("native", what + ": there is no setpriv", UTIL);
        } else if (!user.matches("[0-9]{1,10}") && !isKnown(user)) {
            report.fail("native", what + ": this host does not know it", "add it, or name another, or a number");
        } else {
            report.ok("native", "service " + service.service().name() + " runs as user " + user);
        }
    }

    private static boolean isKnown(String user) throws IOException {
        try {
            Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
            return true;
        } catch (UserPrincipalNotFoundException e) {
            return false;
        }
    }

    private static boolean isThere(String tool, String path) {
        return Stream.of((path + ":/usr/bin:/bin:/usr/sbin").split(":"))
                .map(folder -> Path.of(folder).resolve(tool))
                .anyMatch(Files::isExecutable);
    }
}
