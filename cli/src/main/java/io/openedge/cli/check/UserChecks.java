package io.openedge.cli.check;

import io.openedge.app.AppConfig;
import io.openedge.app.InvalidValueException;
import io.openedge.app.ServiceSpec;
import io.openedge.config.FileTrouble;
import io.openedge.config.UserRange;
import java.util.List;
import java.util.stream.Collectors;

/** Whether functions are kept from one another: each service of them needs a user of its own. Stateless. */
final class UserChecks {
    private static final String FUNCTIONS = "openedge-function-python";

    private UserChecks() {}

    static void functions(Subject subject, Report report) {
        if (subject.config().isEmpty() || subject.application().isEmpty()) {
            return;
        }
        String mode = subject.config().get().mode().word();
        UserRange range = subject.config().get().users();
        boolean root = FileTrouble.user().equals("root");
        if (!root && !range.equals(UserRange.NONE)) {
            report.warn(
                    "users", "'users' of openedge.yml has no effect", "only a gateway that runs as root can use them");
        }
        try {
            AppConfig application = subject.application().get();
            say(root ? range.assign(application, mode) : application, mode, report);
        } catch (InvalidValueException e) {
            report.fail("users", e.getMessage(), "give 'users' of openedge.yml more numbers");
        }
    }

    private static void say(AppConfig application, String mode, Report report) {
        List<ServiceSpec> services = application.services().stream()
                .filter(service -> service.module().startsWith(FUNCTIONS)
                        && !service.engineIn(mode).equals("docker"))
                .toList();
        services.stream()
                .filter(service -> !service.user().isEmpty())
                .forEach(service ->
                        report.ok("users", "service " + service.name() + ": functions run as user " + service.user()));
        List<ServiceSpec> open =
                services.stream().filter(service -> service.user().isEmpty()).toList();
        if (!open.isEmpty()) {
            report.warn(
                    "users",
                    "functions run as the gateway's user and can read its files, and one another's code, environment and"
                            + " messages: "
                            + open.stream().map(ServiceSpec::name).collect(Collectors.joining(", ")),
                    "start the gateway as root with 'users' in openedge.yml, or user: on the services");
        }
    }
}
