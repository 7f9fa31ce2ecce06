package io.openedge.master.supervise;

import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.ServiceHandle;
import io.openedge.master.work.Owner;
import io.openedge.master.work.Time;
import io.openedge.system.GatewayException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one instance running by its restart policy: at most one run of it is in the engine at any time. All methods but
 * {@link #view()} are its service's owner's; calls of the engine are made elsewhere and come back to the owner.
 */
final class InstanceKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceKeeper.class);

    private final Surroundings around;
    private final Owner owner;
    private final String engine;
    private final InstanceSpec spec;
    private final Restarts restarts;

    private Phase phase = Phase.WAITING;
    private @Nullable ServiceHandle handle;
    private @Nullable Instance run;
    private Time.Alarm alarm = () -> {};
    private CompletableFuture<String> ready = new CompletableFuture<>();
    private @Nullable CompletableFuture<Void> down;
    private Phase downTo = Phase.WAITING;
    private String downReason = "";
    /** Counts what may come back from an engine; news of an earlier turn is stale. */
    private int turn;

    private long worksSince;
    private boolean works;
    private boolean worked;
    private int restarted;
    private volatile InstanceView view = new InstanceView(phase, "", Instant.EPOCH, 0, Optional.empty(), false);

    InstanceKeeper(Surroundings around, Owner owner, String engine, InstanceSpec spec, Restarts restarts) {
        this.around = around;
        this.owner = owner;
        this.engine = engine;
        this.spec = spec;
        this.restarts = restarts;
    }

    InstanceView view() {
        return view;
    }

    Phase phase() {
        return phase;
    }

    boolean goingDown() {
        return down != null;
    }

    /** Completes with the address when the launched instance works; exceptionally when it is given up before. */
    CompletableFuture<String> ready() {
        return ready;
    }

    /** Starts it; only while it waits, has stopped or has failed. */
    void launch(ServiceHandle handle) {
        this.handle = handle;
        if (ready.isDone()) {
            ready = new CompletableFuture<>();
        }
        restarts.reset();
        begin(() -> handle.start(spec));
    }

    /** Takes its run out of the engine, whatever it does now; completes when nothing of it is there any more. */
    CompletableFuture<Void> down(Phase to, String reason) {
        CompletableFuture<Void> before = down;
        if (before == null || to != Phase.WAITING) {
            downTo = to; // who stops it for good is stronger than who only waits
            downReason = reason;
        }
        if (before != null) {
            return before;
        }
        CompletableFuture<Void> result = new CompletableFuture<>();
        down = result;
        alarm.cancel();
        if (phase != Phase.STARTING) {
            stopRun();
        } else {
            limitStart();
        }
        return result;
    }

    private void begin(Callable<Instance> start) {
        move(Phase.STARTING, view.reason());
        int mine = ++turn;
        Instance before = run;
        around.workers().call(owner, start, (instance, failure) -> {
            if (mine == turn) {
                begun(mine, instance, failure);
            } else {
                discard(before, instance);
            }
        });
    }

    private void begun(int mine, @Nullable Instance instance, @Nullable Throwable failure) {
        if (instance != null) {
            run = instance;
        }
        if (down != null) {
            stopRun();
        } else if (instance == null) {
            ended(mine, new Exit.Failed(Words.of(failure)));
        } else {
            follow(mine, instance);
        }
    }

    private void follow(int mine, Instance instance) {
        view = new InstanceView(
                phase, view.reason(), around.time().now(), restarted, Optional.of(instance), view.tried());
        move(Phase.PENDING, view.reason());
        instance.waitingFor().ifPresent(reason -> LOG.warn("{}: is pending: {}", spec.name(), reason));
        instance.running().whenComplete((nothing, failure) -> {
            if (failure == null) {
                owner.execute(() -> running(mine, instance));
            }
        });
        instance.exited()
                .whenComplete((exit, failure) ->
                        owner.execute(() -> ended(mine, exit == null ? new Exit.Failed(Words.of(failure)) : exit)));
    }

    private void running(int mine, Instance instance) {
        if (mine != turn || phase != Phase.PENDING) {
            return;
        }
        works = true;
        worked = true;
        worksSince = around.time().nanos();
        tried();
        move(Phase.RUNNING, "");
        ready.complete(instance.address().orElse(""));
    }

    private void ended(int mine, Exit exit) {
        if (mine != turn) {
            return;
        }
        turn++;
        Duration lasted = works ? Duration.ofNanos(Math.max(1, around.time().nanos() - worksSince)) : Duration.ZERO;
        works = false;
        boolean gone = exit instanceof Exit.Gone;
        if (!gone) {
            tried();
        }
        if (spec.dynamic() && !worked && !gone) {
            LOG.debug("{}: {}; who asked for it hears that", spec.name(), exit.reason());
            giveUp(Phase.FAILED, exit.reason());
            return;
        }
        Restarts.Decision decision = restarts.after(exit, lasted);
        if (decision instanceof Restarts.Decision.Restart restart) {
            LOG.warn(
                    "{}: {}; restarting in {} ms",
                    spec.name(),
                    restart.reason(),
                    restart.delay().toMillis());
            move(Phase.BACKOFF, restart.reason());
            againAfter(restart.delay());
        } else if (decision instanceof Restarts.Decision.End end) {
            LOG.warn("{}: {}; it is not started again", spec.name(), end.reason());
            giveUp(end.failed() ? Phase.FAILED : Phase.STOPPED, end.reason());
        }
    }

    private void againAfter(Duration delay) {
        int waiting = turn;
        if (delay.isZero()) {
            again(waiting);
        } else {
            alarm = around.time().after(delay, () -> owner.execute(() -> again(waiting)));
        }
    }

    private void giveUp(Phase to, String reason) {
        move(to, reason);
        ready.completeExceptionally(didNotComeUp(reason));
    }

    /** Its service cannot be opened: who waits for it hears that; it waits on. */
    void cannotLaunch(String reason) {
        ready.completeExceptionally(didNotComeUp(reason));
    }

    private GatewayException didNotComeUp(String reason) {
        return new GatewayException(
                GatewayException.Kind.INVALID, "instance '" + spec.name() + "' did not come up: " + reason);
    }

    private void again(int waiting) {
        ServiceHandle service = handle;
        if (waiting != turn || down != null || service == null) {
            return;
        }
        restarted++;
        Instance before = run;
        begin(before == null ? () -> service.start(spec) : before::restart);
    }

    private void stopRun() {
        turn++;
        works = false;
        alarm.cancel();
        Instance stopping = run;
        if (stopping == null) {
            isDown();
            return;
        }
        move(Phase.STOPPING, downReason);
        new RunStop(around, owner, engine, spec, stopping, this::isDown).begin();
    }

    /** An engine that does not answer holds nothing up for ever; what it starts all the same is stopped when it comes. */
    private void limitStart() {
        int mine = turn;
        alarm = around.time()
                .after(
                        spec.grace().plus(around.slack()),
                        () -> owner.execute(() -> {
                            if (mine == turn && down != null) {
                                LOG.error("{}: its engine does not answer; it is left behind", spec.name());
                                leaveBehind();
                                isDown();
                            }
                        }));
    }

    private void leaveBehind() {
        Instance before = run;
        if (before != null) {
            around.leftBehind().add(before, engine);
        }
    }

    private void isDown() {
        turn++;
        alarm.cancel();
        run = null;
        handle = null; // its engine may be gone
        CompletableFuture<Void> over = down;
        down = null;
        view = new InstanceView(phase, view.reason(), view.started(), restarted, Optional.empty(), view.tried());
        move(downTo, downReason);
        if (downTo != Phase.WAITING) {
            ready.completeExceptionally(didNotComeUp(downReason));
        } else if (ready.isDone()) {
            ready = new CompletableFuture<>();
        }
        if (over != null) {
            over.complete(null);
        }
    }

    /** What came too late, in the place of a run before it. */
    private void discard(@Nullable Instance before, @Nullable Instance late) {
        Runnable gone = () -> {
            if (before != null) {
                around.leftBehind().remove(before);
                around.changed().run();
            }
        };
        if (late == null) {
            gone.run();
        } else {
            LOG.warn("{}: a run that came too late is stopped", spec.name());
            new RunStop(around, owner, engine, spec, late, gone).begin();
        }
    }

    private void tried() {
        view = new InstanceView(phase, view.reason(), view.started(), restarted, view.run(), true);
    }

    private void move(Phase to, String reason) {
        if (!phase.next().contains(to)) {
            LOG.error("{}: from {} to {} is no legal move", spec.name(), phase, to);
        }
        phase = to;
        view = new InstanceView(to, reason, view.started(), restarted, Optional.ofNullable(run), view.tried());
        around.changed().run();
    }
}
