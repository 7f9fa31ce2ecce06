package io.openedge.master.app;

import io.openedge.engine.InstanceSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The environment of instances. What the gateway says there, neither the application nor a caller of the API can replace.
 * Immutable; any thread.
 *
 * @param api where the API is
 * @param services where services are now, for processes of this host
 */
public record Environment(ApiAddress api, Supplier<String> services) {
    private static final String TOKEN = "OPENEDGE_SERVICE_TOKEN";
    /** The certificate that the API shows: modules outside the framework need not trust anybody else. */
    private static final String FINGERPRINT = "OPENEDGE_MASTER_API_FINGERPRINT";

    private static final String SERVICES = "OPENEDGE_SERVICES";
    private static final String PROCESS = "native";
    private static final Set<String> OURS = Set.of(
            "OPENEDGE_HOST_OS",
            "OPENEDGE_MASTER_API",
            FINGERPRINT,
            "OPENEDGE_MASTER_API_VERSION",
            "OPENEDGE_RUNNING_MODE",
            "OPENEDGE_SERVICE_NAME",
            "OPENEDGE_SERVICE_INSTANCE_NAME",
            SERVICES,
            TOKEN);

    /** Of one of a service's own instances. */
    public Map<String, String> replica(ServiceEnvironment service, String instance) {
        Map<String, String> all = common(service, Map.of(), instance);
        all.put(TOKEN, service.token());
        return all;
    }

    /**
     * Of an instance that was started through the API.
     *
     * @param configuration further variables; an address counts under its new and its older name
     * @throws io.openedge.system.GatewayException when {@link DynamicConfiguration} refuses it
     */
    public Map<String, String> dynamic(ServiceEnvironment service, String instance, Map<String, String> configuration) {
        DynamicConfiguration.check(configuration);
        Map<String, String> all = common(service, configuration, instance);
        String address =
                configuration.getOrDefault(InstanceSpec.ADDRESS, configuration.get(InstanceSpec.OLDER_ADDRESS));
        if (address != null) {
            all.put(InstanceSpec.ADDRESS, address);
            all.put(InstanceSpec.OLDER_ADDRESS, address);
        }
        return all;
    }

    private Map<String, String> common(ServiceEnvironment service, Map<String, String> configuration, String instance) {
        Map<String, String> all = new LinkedHashMap<>(service.env());
        all.putAll(configuration);
        all.keySet().removeAll(OURS);
        all.put("OPENEDGE_HOST_OS", "linux");
        all.put("OPENEDGE_MASTER_API", api.text());
        if (!api.fingerprint().isEmpty()) {
            all.put(FINGERPRINT, api.fingerprint());
        }
        all.put("OPENEDGE_MASTER_API_VERSION", "v1");
        all.put("OPENEDGE_RUNNING_MODE", service.engine());
        all.put("OPENEDGE_SERVICE_NAME", service.name());
        all.put("OPENEDGE_SERVICE_INSTANCE_NAME", instance);
        if (service.engine().equals(PROCESS)) {
            all.put(SERVICES, services.get());
        }
        return all;
    }

    /**
     * What all instances of a service share.
     *
     * @param name of the service
     * @param engine that runs it
     * @param env as the application says it
     * @param token of the service
     */
    public record ServiceEnvironment(String name, String engine, Map<String, String> env, String token) {}
}
