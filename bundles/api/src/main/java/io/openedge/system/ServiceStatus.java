package io.openedge.system;

import java.util.List;

/**
 * A service as {@link Inspect} shows it. Immutable.
 *
 * @param name of the service
 * @param instances in the order of their start
 */
public record ServiceStatus(String name, List<InstanceStatus> instances) {
    public ServiceStatus {
        instances = List.copyOf(instances);
    }
}
