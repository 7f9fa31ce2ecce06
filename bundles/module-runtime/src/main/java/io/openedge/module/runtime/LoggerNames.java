package io.openedge.module.runtime;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Names of the instances' loggers. Logback keeps a logger for ever, and whoever starts instances may make up a new name
 * each time: the first hundred names of a service are loggers of their own, later ones share spare loggers, one for each
 * instance that is there at the same time.
 *
 * <p>Thread rule: any thread.
 */
final class LoggerNames {
    static final int MOST = 100;
    private static final String SPARE = "more";

    private final Map<String, Names> services = new HashMap<>(); // guarded by this

    private static final class Names {
        private final Set<String> own = new HashSet<>();
        private final BitSet spare = new BitSet();
    }

    /** A name for the logger of an instance; it is given back. */
    synchronized String take(String service, String instance) {
        Names names = services.computeIfAbsent(service, none -> new Names());
        if (names.own.contains(instance) || names.own.size() < MOST) {
            names.own.add(instance);
            return prefix(service) + instance;
        }
        int number = names.spare.nextClearBit(1);
        names.spare.set(number);
        return prefix(service) + SPARE + number;
    }

    /** The instance has ended. */
    synchronized void giveBack(String service, String instance, String name) {
        Names names = services.get(service);
        if (names != null && !names.own.contains(instance)) {
            names.spare.clear(Integer.parseInt(name.substring((prefix(service) + SPARE).length())));
        }
    }

    private static String prefix(String service) {
        return "service." + service + ".";
    }
}
