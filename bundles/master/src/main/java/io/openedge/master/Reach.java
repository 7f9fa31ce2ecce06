package io.openedge.master;

import io.openedge.app.ServiceSpec;
import io.openedge.engine.InstanceSpec;
import io.openedge.master.account.Caller;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Lets a caller reach the instance that it starts. Inside the framework an instance is reached by its name, a process by a
 * port of the loopback, and who is elsewhere finds neither: then the instance serves where the caller's engine sees this host.
 * Any thread.
 *
 * @param mode the engine of services that name none
 * @param services of the application
 * @param host where instances of an engine see this host
 * @param port one that is free
 */
record Reach(
        String mode,
        Function<String, Optional<ServiceSpec>> services,
        Function<String, Optional<String>> host,
        IntSupplier port) {
    private static final String IN_FRAMEWORK = "osgi";
    private static final String PROCESS = "native";

    /** The configuration of an instance of a service, with an address where the caller needs one and gives none. */
    Map<String, String> configuration(Caller caller, String service, Map<String, String> given) {
        boolean chosen = given.containsKey(InstanceSpec.ADDRESS) || given.containsKey(InstanceSpec.OLDER_ADDRESS);
        if (chosen || !(caller instanceof Caller.Service from) || engineFinds(engine(from.name()), engine(service))) {
            return given;
        }
        Map<String, String> all = new HashMap<>(given);
        host.apply(engine(from.name()))
                .ifPresent(address -> all.put(InstanceSpec.ADDRESS, address + ":" + port.getAsInt()));
        return all;
    }

    /** Whether the engine of the instance gives it an address that the caller can use. */
    private static boolean engineFinds(String from, String to) {
        return from.equals(to) || from.equals(IN_FRAMEWORK) || !to.equals(IN_FRAMEWORK) && !to.equals(PROCESS);
    }

    private String engine(String service) {
        return services.apply(service).map(spec -> spec.engineIn(mode)).orElse("");
    }
}
