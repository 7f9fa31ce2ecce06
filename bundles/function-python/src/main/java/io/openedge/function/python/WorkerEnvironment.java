package io.openedge.function.python;

import io.openedge.module.ProcessUser;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a worker finds in os.environ. Stateless. */
final class WorkerEnvironment {
    private static final String TOKEN = "OPENEDGE_SERVICE_TOKEN";

    private WorkerEnvironment() {}

    /**
     * The gateway's environment without what is Java's or the gateway's own, then the instance's without its token.
     *
     * @param gateway the environment of this process
     * @param instance the service's {@code env} and OPENEDGE_*
     * @param user of the worker; empty: that of this process
     */
    static Map<String, String> of(
            Map<String, String> gateway, Map<String, String> instance, Optional<ProcessUser> user) {
        Map<String, String> environment = new TreeMap<>(gateway);
        environment
                .keySet()
                .removeIf(key -> key.startsWith("JAVA_")
                        || key.startsWith("OPENEDGE_")
                        || key.equals("JDK_JAVA_OPTIONS")
                        || key.equals("_JAVA_OPTIONS"));
        environment.put("PYTHONUNBUFFERED", "1");
        environment.put("PYTHONIOENCODING", "utf-8");
        environment.put("PYTHONDONTWRITEBYTECODE", "1"); // mounts may be read-only
        user.ifPresent(other -> {
            environment.put("HOME", other.home());
            environment.put("USER", other.name());
            environment.put("LOGNAME", other.name());
        });
        environment.putAll(instance);
        environment.remove(TOKEN);
        return environment;
    }
}
