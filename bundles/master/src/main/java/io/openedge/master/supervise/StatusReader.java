package io.openedge.master.supervise;

import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.InstanceStats;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import io.openedge.system.ServiceStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes of the owners' views what the operator sees; asks runs what they use, on the caller's thread. Stateless. */
final class StatusReader {
    private static final Logger LOG = LoggerFactory.getLogger(StatusReader.class);

    private StatusReader() {}

    static ServiceStatus status(ServiceKeeper keeper, Function<Instance, InstanceStats> usage) {
        ServiceView service = keeper.view();
        return new ServiceStatus(keeper.spec().name(), instances(service, usage));
    }

    static ServiceLook look(ServiceKeeper keeper) {
        ServiceView service = keeper.view();
        List<Instance> runs = service.slots().stream()
                .flatMap(slot -> slot.view().stream())
                .filter(instance -> instance.phase() == Phase.RUNNING)
                .flatMap(instance -> instance.run().stream())
                .toList();
        return new ServiceLook(
                service.phase() == ServicePhase.OPEN,
                service.reason(),
                instances(service, run -> InstanceStats.UNKNOWN),
                runs);
    }

    private static List<InstanceStatus> instances(ServiceView service, Function<Instance, InstanceStats> usage) {
        return service.slots().stream()
                .flatMap(slot -> slot.view().stream().map(instance -> status(service, slot, instance, usage)))
                .toList();
    }

    /** Whether each of its instances has worked, waits for something that is named, or has failed once. */
    static boolean settled(ServiceKeeper keeper) {
        ServiceView service = keeper.view();
        return switch (service.phase()) {
            case OPENING, CLOSING -> false;
            case WAITING -> !service.reason().isEmpty();
            case BACKOFF, FAILED, CLOSED -> true;
            case OPEN ->
                service.slots().stream().flatMap(slot -> slot.view().stream()).allMatch(StatusReader::settled);
        };
    }

    private static boolean settled(InstanceView instance) {
        return instance.tried()
                || instance.phase() == Phase.STOPPED
                || instance.phase() == Phase.FAILED
                || waitsFor(instance).isPresent();
    }

    private static InstanceStatus status(
            ServiceView service, Slot slot, InstanceView instance, Function<Instance, InstanceStats> usage) {
        Optional<String> waitsFor = waitsFor(instance);
        InstanceState state = instance.phase().state();
        String reason = instance.reason();
        if (instance.phase() == Phase.WAITING) {
            state = service.phase().waiting();
            reason = service.reason();
        } else if (waitsFor.isPresent()) {
            reason = waitsFor.get();
        } else if (state == InstanceState.PENDING && instance.restarts() > 0) {
            state = InstanceState.RESTARTING;
        }
        InstanceStats stats = instance.run().map(usage).orElse(InstanceStats.UNKNOWN);
        return new InstanceStatus(
                slot.name(),
                state,
                reason,
                instance.started(),
                instance.restarts(),
                instance.run()
                        .flatMap(StatusReader::record)
                        .map(InstanceRecord::place)
                        .orElseGet(InstanceRecord.Framework::new),
                stats.cpu(),
                stats.mem(),
                slot.reported().get());
    }

    private static Optional<String> waitsFor(InstanceView instance) {
        return instance.phase() == Phase.PENDING ? instance.run().flatMap(Instance::waitingFor) : Optional.empty();
    }

    /** What finds a run again; empty when its engine does not say it. */
    static Optional<InstanceRecord> record(Instance run) {
        try {
            return Optional.of(run.record());
        } catch (RuntimeException e) {
            LOG.warn("an instance could not say where it runs: {}", e.toString());
            return Optional.empty();
        }
    }
}
