package io.openedge.master.supervise;

import io.openedge.app.ServiceSpec;
import io.openedge.engine.Engine;
import io.openedge.engine.Exit;
import io.openedge.engine.ServiceHandle;
import io.openedge.master.work.Owner;
import io.openedge.master.work.Time;
import io.openedge.system.GatewayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one service open in its engine as long as that is there. Everything happens on its owner but {@link #view()};
 * calls of the engine are made elsewhere and come back to the owner.
 */
final class ServiceKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceKeeper.class);

    private final Surroundings around;
    private final Owner owner;
    private final Plan plan;
    private final String name;
    private final Instances instances;
    private final Restarts restarts;
    private final CompletableFuture<Void> tried = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private final AtomicInteger calls = new AtomicInteger();

    private ServicePhase phase = ServicePhase.WAITING;
    private String reason = "";
    private @Nullable Engine engine;
    private @Nullable Engine openedBy;
    private @Nullable ServiceHandle handle;
    private Future<?> opening = CompletableFuture.completedFuture(null);
    private Time.Alarm alarm = () -> {};
    private boolean begun;
    private boolean ending;
    private String endReason = "";
    private boolean refused;
    /** The engine went while it was opening the service; it may be back before that ends. */
    private boolean brokenOff;

    private volatile ServiceView view = new ServiceView(phase, "", List.of());

    ServiceKeeper(Surroundings around, Plan plan, InstanceNames names) {
        this.around = around;
        this.owner = around.workers().owner();
        this.plan = plan;
        this.name = plan.service().name();
        this.restarts = new Restarts(plan.service().restart());
        this.instances = new Instances(around, owner, plan, names, this::admit, this::publish);
    }

    ServiceSpec spec() {
        return plan.service();
    }

    String engineName() {
        return plan.engine();
    }

    Owner owner() {
        return owner;
    }

    /** How many calls of the API wait for their answer; any thread. */
    AtomicInteger calls() {
        return calls;
    }

    /** Any thread. */
    ServiceView view() {
        return view;
    }

    Instances instances() {
        return instances;
    }

    /** Shows the replicas; the first of all. */
    void show() {
        instances.addReplicas();
    }

    /** Opens the service when its engine is there; completes when that was tried. */
    CompletableFuture<Void> begin() {
        begun = true;
        next();
        return tried;
    }

    /** The service cannot run in this installation. */
    void refuse(String why) {
        refused = true;
        failed(why);
    }

    /** The engine that is there now, or null. */
    void engineIs(@Nullable Engine now) {
        engine = now;
        if (!begun) {
            return;
        }
        if (phase == ServicePhase.OPENING && now != openedBy) {
            brokenOff = true;
            opening.cancel(true);
        } else if (phase == ServicePhase.OPEN && now != openedBy) {
            retreat(missing());
        } else if (phase != ServicePhase.OPENING && phase != ServicePhase.OPEN) {
            next();
        }
    }

    /** Tries at once what would be tried later. */
    void hurry() {
        if (phase == ServicePhase.BACKOFF || phase == ServicePhase.FAILED && !refused) {
            next();
        }
    }

    /** Stops all instances and starts them again; completes when they work. */
    CompletableFuture<Void> restart() {
        if (refused || ending) {
            return CompletableFuture.failedFuture(new GatewayException(
                    GatewayException.Kind.INVALID, "service '" + name + "' cannot be restarted: " + reason));
        }
        hurry();
        List<CompletableFuture<Void>> down = new ArrayList<>();
        instances.keepers().forEach(instance -> down.add(instance.down(Phase.WAITING, "restarting on request")));
        return allOf(down).thenCompose(nothing -> {
            launchWaiting();
            return allOf(instances.keepers().stream()
                    .filter(instance -> instance.phase() != Phase.STOPPED && instance.phase() != Phase.FAILED)
                    .map(InstanceKeeper::ready)
                    .toList());
        });
    }

    /** Stops all instances, then closes it for good. */
    CompletableFuture<Void> end(String why) {
        ending = true;
        endReason = why;
        tried.complete(null);
        switch (phase) {
            case OPENING -> opening.cancel(true);
            case CLOSING, CLOSED -> LOG.debug("{}: closing already", name);
            default -> retreat(why);
        }
        return closed;
    }

    private void next() {
        Engine now = engine;
        if (ending || phase == ServicePhase.CLOSING || phase == ServicePhase.CLOSED) {
            return;
        }
        alarm.cancel();
        if (now == null) {
            move(ServicePhase.WAITING, missing());
            tried.complete(null);
        } else {
            open(now);
        }
    }

    private String missing() {
        return engine == null
                ? "engine '" + plan.engine() + "' is not there yet"
                : "engine '" + plan.engine() + "' was replaced";
    }

    private void open(Engine by) {
        openedBy = by;
        brokenOff = false;
        move(ServicePhase.OPENING, "");
        opening = around.workers().call(owner, () -> plan.open(by, this::progress), this::opened);
    }

    private void progress(String service, String what) {
        owner.execute(() -> {
            if (phase == ServicePhase.OPENING) {
                move(ServicePhase.OPENING, what);
            }
        });
    }

    private void opened(@Nullable ServiceHandle result, @Nullable Throwable failure) {
        handle = result;
        if (ending || brokenOff || engine != openedBy) {
            retreat(ending ? endReason : missing());
        } else if (result == null) {
            failed(Words.of(failure));
        } else {
            restarts.reset();
            move(ServicePhase.OPEN, "");
            launchWaiting();
        }
        tried.complete(null);
    }

    private void failed(String why) {
        Restarts.Decision decision =
                refused ? new Restarts.Decision.End(true, why) : restarts.after(new Exit.Failed(why), Duration.ZERO);
        LOG.error("service '{}' cannot run: {}", name, decision.reason());
        if (decision instanceof Restarts.Decision.Restart restart) {
            move(ServicePhase.BACKOFF, restart.reason());
            alarm = around.time().after(restart.delay(), () -> owner.execute(this::hurry));
        } else {
            move(ServicePhase.FAILED, decision.reason());
        }
        instances.refuse(why);
    }

    private void admit(InstanceKeeper instance) {
        ServiceHandle service = handle;
        if (phase == ServicePhase.OPEN && service != null) {
            instance.launch(service);
        } else if (refused || ending) {
            instances.refuse(ending ? endReason : reason);
        } else {
            hurry();
        }
    }

    private void launchWaiting() {
        ServiceHandle service = handle;
        if (phase == ServicePhase.OPEN && service != null) {
            instances.waiting().forEach(instance -> instance.launch(service));
        }
    }

    /** Takes everything out of the engine; what waits then is launched when the service opens again. */
    private void retreat(String why) {
        alarm.cancel();
        move(ServicePhase.CLOSING, why);
        List<CompletableFuture<Void>> down = new ArrayList<>();
        instances.keepers().forEach(instance -> down.add(instance.down(Instances.rest(instance), why)));
        allOf(down).thenRun(this::close);
    }

    private void close() {
        ServiceHandle service = handle;
        handle = null;
        if (service == null) {
            isClosed(null);
            return;
        }
        around.workers()
                .call(
                        owner,
                        () -> {
                            service.close();
                            return true;
                        },
                        (done, failure) -> isClosed(failure));
    }

    private void isClosed(@Nullable Throwable failure) {
        if (failure != null) {
            LOG.error("service '{}' could not be closed", name, failure);
        }
        openedBy = null; // its bundle may be gone
        if (ending) {
            move(ServicePhase.CLOSED, endReason);
            instances.refuse(endReason);
            instances.releaseNames();
            closed.complete(null);
        } else {
            move(ServicePhase.WAITING, missing());
            next();
        }
    }

    private void move(ServicePhase to, String why) {
        if (!phase.next().contains(to)) {
            LOG.error("{}: from {} to {} is no legal move", name, phase, to);
        }
        phase = to;
        reason = why;
        publish();
    }

    private void publish() {
        view = new ServiceView(phase, reason, instances.slots());
        around.changed().run();
    }

    private static CompletableFuture<Void> allOf(List<? extends CompletableFuture<?>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }
}
