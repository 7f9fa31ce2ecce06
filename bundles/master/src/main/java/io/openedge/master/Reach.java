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
 * Lets a caller reach the instance that it starts. Inside the framework an instance is reached by its name; a process cannot
 * call into the framework, so that an instance there is given a port of this host for it. Any thread.
 *
 * @param mode the engine of services that name none
 * @param services of the application
 * @param port one that is free
 */
record Reach(String mode, Function<String, Optional<ServiceSpec>> services, IntSupplier port) {
    private static final String IN_FRAMEWORK = "osgi";
    private static final String PROCESS = "native";
    private static final String OLD_ADDRESS = "OPENEDGE_SERVICE_ADDRESS";

    /** The configuration of an instance of a service, with an address where the caller needs one and gives none. */
    Map<String, String> configuration(Caller caller, String service, Map<String, String> given) {
        boolean chosen = given.containsKey(InstanceSpec.ADDRESS) || given.containsKey(OLD_ADDRESS);
        if (chosen
                || !(caller instanceof Caller.Service from)
                || !engine(from.name()).equals(PROCESS)
                || !engine(service).equals(IN_FRAMEWORK)) {
            return given;
        }
        Map<String, String> all = new HashMap<>(given);
        all.put(InstanceSpec.ADDRESS, "127.0.0.1:" + port.getAsInt());
        return all;
    }

    private String engine(String service) {
        return services.apply(service).map(spec -> spec.engineIn(mode)).orElse("");
    }
}
