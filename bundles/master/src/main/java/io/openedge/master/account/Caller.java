package io.openedge.master.account;

import io.openedge.app.ServiceSpec;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who calls the gateway. Immutable. */
public sealed interface Caller {
    /** The operator of the machine. */
    record Operator() implements Caller {}

    /**
     * A service of the application, by its token.
     *
     * @param name of the service
     * @param granted its {@link ServiceSpec#PERMISSIONS}
     */
    record Service(String name, Set<String> granted) implements Caller {
        /** What the agent and the function manager need to do their work. */
        private static final Map<String, Set<String>> BY_MODULE =
                Map.of("openedge-agent", Set.of("update"), "openedge-function-manager", Set.of("instances"));

        public Service {
            granted = Set.copyOf(granted);
        }

        /** With what its image brings and what the application grants. */
        public static Service of(ServiceSpec spec) {
            Set<String> granted = new HashSet<>(BY_MODULE.getOrDefault(spec.module(), Set.of()));
            granted.addAll(spec.permissions());
            return new Service(spec.name(), granted);
        }
    }

    /**
     * An instance that was started through the API and has no token.
     *
     * @param name of the instance
     */
    record DynamicInstance(String name) implements Caller {}
}
