package io.openedge.cli;

import io.openedge.system.Inspect;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import io.openedge.system.ServiceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is not as it should be, a sentence each. Stateless. */
final class Troubles {
    /** It runs, or has done its work. */
    private static final Set<InstanceState> FINE = Set.of(InstanceState.RUNNING, InstanceState.STOPPED);

    private Troubles() {}

    static List<String> of(Inspect inspect) {
        List<String> troubles = new ArrayList<>();
        if (!inspect.error().isEmpty()
                && !inspect.error().equals(inspect.update().failure())) {
            troubles.add(inspect.error());
        }
        for (ServiceStatus service : inspect.services()) {
            for (InstanceStatus instance : service.instances()) {
                if (!FINE.contains(instance.status())) {
                    troubles.add(sentence(service, instance));
                }
            }
        }
        return troubles;
    }

    /** How the last update failed, when nothing else is wrong: what runs then is as it should be. */
    static Optional<String> remark(Inspect inspect) {
        String failure = inspect.update().failure();
        return failure.isEmpty() || !inspect.error().equals(failure) ? Optional.empty() : Optional.of(failure);
    }

    private static String sentence(ServiceStatus service, InstanceStatus instance) {
        String of = service.name().equals(instance.name()) ? "" : " of service " + service.name();
        String reason = instance.reason().isEmpty() ? "" : ": " + instance.reason();
        return "instance " + instance.name() + of + " is " + instance.status().word() + reason;
    }
}
