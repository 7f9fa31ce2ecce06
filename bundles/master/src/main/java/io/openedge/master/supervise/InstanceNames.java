package io.openedge.master.supervise;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The names of all instances of the gateway: two services never have one of the same name. Thread rule: any thread. */
final class InstanceNames {
    private final Map<String, String> serviceOf = new ConcurrentHashMap<>();

    /** @return the other service that has the name; empty when it is the service's now */
    Optional<String> claim(String instance, String service) {
        String before = serviceOf.putIfAbsent(instance, service);
        return before == null || before.equals(service) ? Optional.empty() : Optional.of(before);
    }

    void release(String instance, String service) {
        serviceOf.remove(instance, service);
    }
}
