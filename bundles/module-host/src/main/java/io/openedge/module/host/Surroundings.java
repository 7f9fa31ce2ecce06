package io.openedge.module.host;

import io.openedge.engine.InstanceSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the environment of the process says of the instance and of the gateway that started it. Absent texts are empty.
 * Immutable.
 *
 * @param service name; without a gateway: of the module
 * @param instance name; without a gateway: of the service
 * @param api where the gateway is asked; empty: there is no gateway
 * @param fingerprint of the certificate that the gateway shows there, SHA-256 in hex; empty: by the system's authorities
 * @param token of the service; an instance that was started through the API has none
 * @param services where the application's services are
 * @param readyFile made when the module works; empty: nobody wants to know
 * @param variables all of it
 */
record Surroundings(
        String service,
        String instance,
        String api,
        String fingerprint,
        String token,
        NamedServices services,
        String readyFile,
        Map<String, String> variables) {
    /** Of the run-time of this process, and none of the module's business. */
    private static final String JAVA = "JAVA_MAIN_CLASS_";

    private static final String READY_FILE = "OPENEDGE_READY_FILE";

    Surroundings {
        variables = Map.copyOf(variables);
    }

    static Surroundings of(Map<String, String> environment, String module) {
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.keySet().removeIf(name -> name.startsWith(JAVA) || name.equals(READY_FILE));
        String older = environment.get(InstanceSpec.OLDER_ADDRESS);
        if (older != null) {
            variables.putIfAbsent(InstanceSpec.ADDRESS, older);
        }
        String service = nonEmpty(environment.get("OPENEDGE_SERVICE_NAME"), module);
        return new Surroundings(
                service,
                nonEmpty(environment.get("OPENEDGE_SERVICE_INSTANCE_NAME"), service),
                environment.getOrDefault("OPENEDGE_MASTER_API", ""),
                environment.getOrDefault("OPENEDGE_MASTER_API_FINGERPRINT", ""),
                environment.getOrDefault("OPENEDGE_SERVICE_TOKEN", ""),
                NamedServices.parse(environment.getOrDefault("OPENEDGE_SERVICES", "")),
                environment.getOrDefault(READY_FILE, ""),
                variables);
    }

    /** Without the token: it belongs into no log. */
    @Override
    public String toString() {
        return "instance " + instance + " of service " + service + (api.isEmpty() ? "" : ", gateway at " + api);
    }

    private static String nonEmpty(@Nullable String text, String otherwise) {
        return text == null || text.isEmpty() ? otherwise : text;
    }
}
