package io.openedge.master.supervise;

import io.openedge.engine.Instance;
import io.openedge.system.InstanceStatus;
import java.util.List;

/**
 * A service as it is now, for an update that watches it. Immutable.
 *
 * @param open whether its engine has opened it
 * @param reason why not
 * @param instances without what they use
 * @param runs that there are of them
 */
public record ServiceLook(boolean open, String reason, List<InstanceStatus> instances, List<Instance> runs) {
    public ServiceLook {
        instances = List.copyOf(instances);
        runs = List.copyOf(runs);
    }
}
