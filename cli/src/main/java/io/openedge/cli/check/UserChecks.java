package io.openedge.cli.check;

import io.openedge.app.AppConfig;
import io.openedge.app.InvalidValueException;
import io.openedge.app.ServiceSpec;
import io.openedge.config.UserRange;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.stream.Collectors;

/** Whether services can run as their users, and functions are kept from one another by users of their own. Stateless. */
final class UserChecks {
    private static final String FUNCTIONS = "openedge-function-python";
    /** The largest number that can be a user's. */
    private static final long MOST_NUMBER = 0x7FFF_FFFE;

    private UserChecks() {}

    static void services(Subject subject, Report report) throws IOException {
        if (subject.config().isEmpty() || subject.application().isEmpty()) {
            return;
        }
        String mode = subject.config().get().mode().word();
        UserRange range = subject.config().get().users();
        boolean root = subject.isRoot();
        if (!root && !range.equals(UserRange.NONE)) {
            report.warn(
                    "users", "'users' of openedge.yml has no effect", "only a gateway that runs as root can use them");
        }
        try {
            AppConfig application = subject.application().get();
            List<ServiceSpec> services = (root ? range.assign(application, mode) : application)
                    .services().stream()
                            .filter(service -> !service.engineIn(mode).equals("docker"))
                            .toList();
            String path = subject.environment().getOrDefault("PATH", "");
            for (ServiceSpec service : services) {
                if (!service.user().isEmpty()) {
                    become(service, root, path, report);
                }
            }
            sayWhoHasNone(services, report);
        } catch (InvalidValueException e) {
            report.fail("users", e.getMessage(), "give 'users' of openedge.yml more numbers");
        }
    }

    private static void become(ServiceSpec service, boolean root, String path, Report report) throws IOException {
        String what = "service " + service.name() + " cannot run as user " + service.user();
        if (!root) {
            report.fail("users", what, "only a gateway that runs as root can start it so");
        } else if (!NativeChecks.isThere("setpriv", path)) {
            report.fail("users", what + ": there is no setpriv", NativeChecks.UTIL);
        } else if (!isKnown(service.user())) {
            report.fail("users", what + ": this host does not know it", "add it, or name another, or a number");
        } else {
            report.ok(
                    "users",
                    "service " + service.name() + ": " + (isOfFunctions(service) ? "functions run" : "it runs")
                            + " as user " + service.user());
        }
    }

    /** A number needs no name. */
    private static boolean isKnown(String user) throws IOException {
        if (user.matches("[0-9]{1,10}")) {
            return Long.parseLong(user) <= MOST_NUMBER;
        }
        try {
            Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
            return true;
        } catch (UserPrincipalNotFoundException e) {
            return false;
        }
    }

    private static boolean isOfFunctions(ServiceSpec service) {
        return service.module().startsWith(FUNCTIONS);
    }

    private static void sayWhoHasNone(List<ServiceSpec> services, Report report) {
        String open = services.stream()
                .filter(service -> isOfFunctions(service) && service.user().isEmpty())
                .map(ServiceSpec::name)
                .collect(Collectors.joining(", "));
        if (!open.isEmpty()) {
            report.warn(
                    "users",
                    "functions run as the gateway's user and can read its files, and one another's code, environment and"
                            + " messages: " + open,
                    "start the gateway as root with 'users' in openedge.yml, or user: on the services");
        }
    }
}
