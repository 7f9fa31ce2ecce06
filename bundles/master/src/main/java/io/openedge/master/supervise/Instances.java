package io.openedge.master.supervise;

import io.openedge.app.Names;
import io.openedge.engine.InstanceSpec;
import io.openedge.master.work.Owner;
import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The instances of one service: its replicas, and those that were started through the API. Its owner's. */
final class Instances implements Slot.Host {
    private static final int MOST = 1000;

    private final Surroundings around;
    private final Owner owner;
    private final Plan plan;
    private final String service;
    private final InstanceNames names;
    private final Consumer<InstanceKeeper> admit;
    private final Runnable changed;
    private final Map<String, Slot> slots = new LinkedHashMap<>();

    Instances(
            Surroundings around,
            Owner owner,
            Plan plan,
            InstanceNames names,
            Consumer<InstanceKeeper> admit,
            Runnable changed) {
        this.around = around;
        this.owner = owner;
        this.plan = plan;
        this.service = plan.service().name();
        this.names = names;
        this.admit = admit;
        this.changed = changed;
    }

    /** SERVICE, SERVICE.i1, SERVICE.i2 and so on. */
    static String replicaName(String service, int number) {
        return number == 0 ? service : service + ".i" + number;
    }

    void addReplicas() {
        for (int number = 0; number < plan.service().replica(); number++) {
            String name = replicaName(service, number);
            Slot slot = new Slot(name, true, this);
            slots.put(name, slot);
            names.claim(name, service);
            slot.start(() -> keeper(plan.replica(name)));
        }
        changed.run();
    }

    /**
     * Starts an instance. A replica's name without configuration means the replica itself, with its token.
     *
     * @throws GatewayException when the configuration cannot be an environment
     */
    CompletableFuture<String> start(String name, Map<String, String> configuration) {
        if (!Names.isInstanceName(name)) {
            return refused("'" + name + "' is no name of an instance: 1 to 200 letters, digits, '_', '.' and '-'");
        }
        InstanceSpec spec =
                isReplica(name) && configuration.isEmpty() ? plan.replica(name) : plan.dynamic(name, configuration);
        Slot slot = slots.get(name);
        if (slot == null) {
            if (slots.size() >= MOST) {
                return refused("service '" + service + "' has " + MOST + " instances already");
            }
            Optional<String> other = names.claim(name, service);
            if (other.isPresent()) {
                return refused("'" + name + "' is an instance of service '" + other.get() + "'");
            }
            slot = new Slot(name, false, this);
            slots.put(name, slot);
        }
        CompletableFuture<String> answer = slot.start(() -> keeper(spec));
        changed.run();
        return answer;
    }

    CompletableFuture<Void> stop(String name) {
        Slot slot = slots.get(name);
        return slot == null ? CompletableFuture.completedFuture(null) : slot.stop("stopped on request");
    }

    /** The service cannot be opened. */
    void refuse(String reason) {
        slots().forEach(slot -> slot.refuse(reason));
    }

    List<Slot> slots() {
        return List.copyOf(slots.values());
    }

    List<InstanceKeeper> keepers() {
        return slots().stream().flatMap(slot -> slot.keeper().stream()).toList();
    }

    List<InstanceKeeper> waiting() {
        return slots().stream()
                .filter(Slot::waits)
                .flatMap(slot -> slot.keeper().stream())
                .toList();
    }

    /** Where an instance goes when its service closes for a while: what had ended stays so. */
    static Phase rest(InstanceKeeper instance) {
        Phase now = instance.phase();
        return now == Phase.STOPPED || now == Phase.FAILED ? now : Phase.WAITING;
    }

    void releaseNames() {
        slots.keySet().forEach(name -> names.release(name, service));
    }

    @Override
    public void admit(Slot slot, InstanceKeeper instance) {
        changed.run();
        admit.accept(instance);
    }

    @Override
    public void remove(Slot slot) {
        slots.remove(slot.name(), slot);
        names.release(slot.name(), service);
        changed.run();
    }

    private boolean isReplica(String name) {
        for (int number = 0; number < plan.service().replica(); number++) {
            if (replicaName(service, number).equals(name)) {
                return true;
            }
        }
        return false;
    }

    private InstanceKeeper keeper(InstanceSpec spec) {
        return new InstanceKeeper(
                around, owner, plan.engine(), spec, new Restarts(plan.service().restart()));
    }

    private static <T> CompletableFuture<T> refused(String why) {
        return CompletableFuture.failedFuture(new GatewayException(Kind.INVALID, why));
    }
}
