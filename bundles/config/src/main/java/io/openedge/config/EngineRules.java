package io.openedge.config;

import io.openedge.app.AppConfig;
import io.openedge.app.HealthCheck;
import io.openedge.app.InvalidValueException;
import io.openedge.app.Privileges;
import io.openedge.app.Resources;
import io.openedge.app.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of an application the engines do not accept, or take no notice of. Stateless. */
final class EngineRules {
    private EngineRules() {}

    /**
     * @param key the path of a service
     * @param sentence which of its keys have no effect, and what holds instead
     */
    record Ineffective(String key, String sentence) {}

    /** What is wrong, with key paths from the root. */
    static List<InvalidValueException> problems(AppConfig application, String mode) {
        List<InvalidValueException> problems = new ArrayList<>();
        for (int s = 0; s < application.services().size(); s++) {
            ServiceSpec service = application.services().get(s);
            String key = "services[" + s + "]";
            if (service.engineIn(mode).equals("osgi")) {
                args(key + ".args", service.args()).ifPresent(problems::add);
                health(key + ".health.command", service.health()).ifPresent(problems::add);
            } else if (service.engineIn(mode).equals("docker")) {
                name(key + ".name", service.name()).ifPresent(problems::add);
            }
        }
        return problems;
    }

    private static Optional<InvalidValueException> args(String key, List<String> args) {
        return args.isEmpty() || args.size() == 2 && args.get(0).equals("-c")
                ? Optional.empty()
                : Optional.of(new InvalidValueException(key, args, "under the engine osgi only -c FILE"));
    }

    private static Optional<InvalidValueException> health(String key, HealthCheck health) {
        return health.command().isEmpty()
                ? Optional.empty()
                : Optional.of(new InvalidValueException(
                        key,
                        health.command(),
                        "under the engine osgi, where no command runs inside an instance, only tcp, http or mqtt"));
    }

    /** It is the name of a container. */
    private static Optional<InvalidValueException> name(String key, String name) {
        return name.length() >= 2
                ? Optional.empty()
                : Optional.of(new InvalidValueException(
                        key, name, "under the engine docker a name of at least two characters"));
    }

    static List<Ineffective> ineffective(AppConfig application, String mode) {
        List<Ineffective> all = new ArrayList<>();
        for (int s = 0; s < application.services().size(); s++) {
            String key = "services[" + s + "]";
            sentence(application.services().get(s), mode).ifPresent(text -> all.add(new Ineffective(key, text)));
        }
        return List.copyOf(all);
    }

    private static Optional<String> sentence(ServiceSpec service, String mode) {
        String engine = service.engineIn(mode);
        List<String> keys = new ArrayList<>();
        if (!engine.equals("docker")) {
            addIf(!service.ports().isEmpty(), "ports", keys);
            addIf(!service.devices().isEmpty(), "devices", keys);
            addIf(!service.runtime().isEmpty(), "runtime", keys);
            addIf(!service.privileges().equals(Privileges.NONE), "privileges", keys);
            addIf(service.readOnly(), "readonly", keys);
        }
        addIf(engine.equals("osgi") && !service.resources().equals(Resources.NONE), "resources", keys);
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("service " + service.name() + ": no effect under the engine " + engine + ": "
                + String.join(", ", keys) + (keys.contains("ports") ? open(service) : ""));
    }

    private static void addIf(boolean set, String key, List<String> keys) {
        if (set) {
            keys.add(key);
        }
    }

    /** Without a container the service's own port is the one that is open. */
    private static String open(ServiceSpec service) {
        StringBuilder text = new StringBuilder();
        for (String entry : service.ports()) {
            PublishedPort port = PublishedPort.parse(entry);
            if (!port.host().equals(PublishedPort.Range.ANY) && !port.host().equals(port.container())) {
                text.append("; of ")
                        .append(entry)
                        .append(" the port that is really open is ")
                        .append(port.container());
            }
        }
        return text.toString();
    }
}
