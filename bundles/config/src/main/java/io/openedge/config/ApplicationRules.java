package io.openedge.config;

import io.openedge.app.AppConfig;
import io.openedge.app.InvalidValueException;
import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What an application must keep under every engine, beyond what its records check themselves. Stateless. */
final class ApplicationRules {
    private static final Path HERE = Path.of("");

    private ApplicationRules() {}

    /** What is wrong, with key paths from the root. */
    static List<InvalidValueException> problems(AppConfig application) {
        List<InvalidValueException> problems = new ArrayList<>();
        for (int v = 0; v < application.volumes().size(); v++) {
            String path = application.volumes().get(v).path();
            at("volumes[" + v + "].path", path, ApplicationRules::relative, problems);
        }
        for (int s = 0; s < application.services().size(); s++) {
            check("services[" + s + "]", application.services().get(s), problems);
        }
        return problems;
    }

    private static void check(String key, ServiceSpec service, List<InvalidValueException> problems) {
        List<MountSpec> mounts = service.mounts();
        for (int m = 0; m < mounts.size(); m++) {
            at(key + ".mounts[" + m + "].path", mounts.get(m).path(), ApplicationRules::mount, problems);
        }
        for (int p = 0; p < service.ports().size(); p++) {
            at(key + ".ports[" + p + "]", service.ports().get(p), PublishedPort::parse, problems);
        }
        for (int d = 0; d < service.devices().size(); d++) {
            at(key + ".devices[" + d + "]", service.devices().get(d), DeviceMapping::parse, problems);
        }
    }

    private static void at(String key, String value, Consumer<String> check, List<InvalidValueException> problems) {
        try {
            check.accept(value);
        } catch (InvalidValueException e) {
            problems.add(new InvalidValueException(key, value, e.allowed()));
        }
    }

    /** The path without the slashes at its start. */
    static Path relative(String path) {
        Path relative = Path.of(path.replaceFirst("^/+", "")).normalize();
        if (relative.startsWith("..")) {
            throw new InvalidValueException("", path, "a path that stays inside: it is joined to its root");
        }
        return relative;
    }

    private static void mount(String path) {
        if (relative(path).equals(HERE)) {
            throw new InvalidValueException("", path, "a folder below the root of the service");
        }
    }
}
