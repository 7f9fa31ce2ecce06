package io.openedge.engine;

import io.openedge.module.ServiceLocator;
import io.openedge.system.Gateway;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an engine needs to start an instance. Immutable.
 *
 * @param service name of the service
 * @param name name of the instance, unique in the gateway
 * @param args after the program's name
 * @param environment complete, OPENEDGE_* included, but for an address that the engine picks
 * @param dynamic whether it was started through the API: then the engine gives it an address to serve on, unless the
 *     environment already has one
 * @param grace how long it may take to stop when the engine itself has to stop it
 * @param locator where the application's services are
 * @param gateway what the instance may ask of the gateway
 */
public record InstanceSpec(
        String service,
        String name,
        List<String> args,
        Map<String, String> environment,
        boolean dynamic,
        Duration grace,
        ServiceLocator locator,
        Gateway gateway) {
    /** The variable that carries the address an instance serves on. */
    public static final String ADDRESS = "OPENEDGE_SERVICE_INSTANCE_ADDRESS";

    /** The same under the name of older releases. */
    public static final String OLDER_ADDRESS = "OPENEDGE_SERVICE_ADDRESS";

    public InstanceSpec {
        args = List.copyOf(args);
        environment = Map.copyOf(environment);
    }

    /** Where the instance is told to serve. */
    public Optional<String> address() {
        return Optional.of(environment.getOrDefault(ADDRESS, "")).filter(address -> !address.isEmpty());
    }

    /** Whether the engine has to pick an address: it is started on demand, and who started it gave none. */
    public boolean wantsAddress() {
        return dynamic && address().isEmpty();
    }

    /** The same, told to serve at an address. */
    public InstanceSpec at(String address) {
        Map<String, String> told = new HashMap<>(environment);
        told.put(ADDRESS, address);
        told.put(OLDER_ADDRESS, address);
        return new InstanceSpec(service, name, args, told, dynamic, grace, locator, gateway);
    }
}
