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

    /** @throws InvalidValueException with a key path from the root */
    static void check(AppConfig application, String mode) {
        for (int s = 0; s < application.services().size(); s++) {
            ServiceSpec service = application.services().get(s);
            if (service.engineIn(mode).equals("osgi")) {
                checkArgs("services[" + s + "].args", service.args());
                checkHealth("services[" + s + "].health.command", service.health());
            } else if (service.engineIn(mode).equals("docker")) {
                checkName("services[" + s + "].name", service.name());
            }
        }
    }

    private static void checkArgs(String key, List<String> args) {
        if (!args.isEmpty() && !(args.size() == 2 && args.get(0).equals("-c"))) {
            throw new InvalidValueException(key, args, "under the engine osgi only -c FILE");
        }
    }

    private static void checkHealth(String key, HealthCheck health) {
        if (!health.command().isEmpty()) {
            throw new InvalidValueException(
                    key,
                    health.command(),
                    "under the engine osgi, where no command runs inside an instance, only tcp, http or mqtt");
        }
    }

    /** It is the name of a container. */
    private static void checkName(String key, String name) {
        if (name.length() < 2) {
            throw new InvalidValueException(key, name, "under the engine docker a name of at least two characters");
        }
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
