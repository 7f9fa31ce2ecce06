package io.openedge.engine.docker;

import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.InstanceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of an instance in its container. Workers of the engine talk to the daemon; what they find moves the run on. While
 * the daemon is away the run waits; one that worked ends as gone, and the next takes the container as it finds it.
 */
final class ContainerRun {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerRun.class);
    private static final Duration LAUNCH = Duration.ofSeconds(90);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** Moves downwards, but for a launch that finds the daemon away. */
    private enum Phase {
        /** Waits for the daemon. */
        WAITING,
        /** A worker makes and starts the container. */
        LAUNCHING,
        /** The container runs. */
        RUNNING,
        /** The run has ended. */
        OVER
    }

    private final InstanceSpec spec;
    private final InstanceContainer container;
    private final Shared shared;
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final CompletableFuture<Exit> exited = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Output output;
    private Phase phase = Phase.WAITING; // guarded by this
    private boolean stopping; // guarded by this
    private boolean unseen; // guarded by this: it ended while it was launched
    private volatile String waitsFor = "";
    private volatile CountDownLatch launched = new CountDownLatch(1);

    /** @param known until when its output is known */
    ContainerRun(InstanceSpec spec, InstanceContainer container, Shared shared, Instant known) {
        this.spec = spec;
        this.container = container;
        this.shared = shared;
        this.output = new Output(shared.logs().of(spec.service(), spec.name()), known);
    }

    void begin() {
        shared.runs().add(this);
        Optional<String> away = shared.watch().away();
        if (away.isPresent()) {
            waitsFor = away.get();
        } else {
            launch();
        }
    }

    String name() {
        return spec.name();
    }

    Optional<Body> body() {
        return container.body();
    }

    /** The daemon can be used: a run that waits begins, one that works may have ended unseen. */
    void daemonIsThere() {
        launch();
        look();
    }

    void daemonIsAway(String reason) {
        waitsFor = reason;
        boolean worked;
        synchronized (this) {
            worked = phase == Phase.RUNNING && !stopping;
        }
        if (worked) {
            end(new Exit.Gone(reason));
        }
    }

    private void launch() {
        synchronized (this) {
            if (phase != Phase.WAITING) {
                return;
            }
            phase = Phase.LAUNCHING;
            launched = new CountDownLatch(1);
        }
        work(this::launchNow);
    }

    private void work(Runnable task) {
        try {
            shared.workers().execute(task);
        } catch (RejectedExecutionException e) {
            end(new Exit.Gone("the engine docker has stopped"));
        }
    }

    private void launchNow() {
        try {
            Body own = container.provide();
            if (!isStopping()) {
                container.start(own);
                begins(own);
            }
        } catch (DaemonException e) {
            if (e.is(DaemonException.Kind.AWAY)) {
                waitAgain(String.valueOf(e.getMessage()));
            } else {
                notStarted(String.valueOf(e.getMessage()));
            }
        } catch (EngineException | RuntimeException e) {
            notStarted(Optional.ofNullable(e.getMessage()).orElseGet(e::toString));
        } catch (InterruptedException e) {
            notStarted("interrupted");
        } finally {
            launched.countDown();
        }
    }

    /** The container runs; whether it works already is to be seen. */
    private void begins(Body own) {
        boolean look;
        synchronized (this) {
            phase = Phase.RUNNING;
            look = unseen;
        }
        shared.sampler().add(own.id());
        follow(own);
        if (look) {
            look();
        }
        new Readiness(shared, spec, own, this::isOver, () -> running.complete(null)).await();
    }

    private void follow(Body own) {
        try {
            shared.daemon().output(own.id(), (int) output.last().getEpochSecond(), true, output.feed());
        } catch (DaemonException e) {
            LOG.warn("{}: what it writes is not heard: {}", spec.name(), e.getMessage());
        }
    }

    private void waitAgain(String reason) {
        waitsFor = reason;
        synchronized (this) {
            if (phase == Phase.LAUNCHING) {
                phase = Phase.WAITING;
            }
        }
        if (shared.watch().away().isEmpty()) { // it came back meanwhile
            launch();
        }
    }

    private void notStarted(String why) {
        container.startFailed();
        end(new Exit.Failed(why));
    }

    /** The daemon says that a container has ended. */
    void ended(String id) {
        if (container.is(id)) {
            look();
        }
    }

    private void look() {
        synchronized (this) {
            unseen |= phase == Phase.LAUNCHING;
            if (phase != Phase.RUNNING) {
                return;
            }
        }
        work(() -> container.body().ifPresent(this::lookNow));
    }

    private void lookNow(Body own) {
        try {
            new Ending(shared, output, container.hasMemoryLimit()).of(own).ifPresent(this::end);
        } catch (DaemonException e) { // the watch says what that means
            LOG.debug("{}: {}", spec.name(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first end counts. */
    private void end(Exit exit) {
        boolean told;
        synchronized (this) {
            if (phase == Phase.OVER) {
                return;
            }
            phase = Phase.OVER;
            told = stopping;
        }
        shared.runs().remove(this);
        container.body().map(Body::id).ifPresent(shared.sampler()::remove);
        output.release();
        over.countDown();
        exited.complete(told ? new Exit.Normal() : exit);
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    /** Ends it and removes the container; blocks for the grace and a kill at most. */
    void stop(Duration grace) {
        synchronized (this) {
            stopping = true;
        }
        try {
            awaitLaunch();
            takeDown(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(new Exit.Normal());
            output.close();
        }
    }

    private void awaitLaunch() throws InterruptedException {
        CountDownLatch launch;
        synchronized (this) {
            if (phase != Phase.LAUNCHING) {
                return;
            }
            launch = launched;
        }
        if (!launch.await(LAUNCH.toSeconds(), TimeUnit.SECONDS)) {
            LOG.warn("{}: its start is still under way", spec.name());
        }
    }

    /** What it wrote last is still read. */
    private void takeDown(Duration grace) throws InterruptedException {
        try {
            if (!isOver()) {
                container.stop(grace);
                output.feed().awaitEnd(LAST_WORDS);
            }
            container.remove();
        } catch (DaemonException e) { // it carries our label: it goes when the daemon is back
            LOG.warn("{}: its container is removed when the daemon is back: {}", spec.name(), e.getMessage());
        }
    }

    CompletionStage<Void> running() {
        return running.minimalCompletionStage();
    }

    CompletionStage<Exit> exited() {
        return exited.minimalCompletionStage();
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    /** Until when its output is known. */
    Instant heardUntil() {
        return output.last();
    }

    /** Why it waits; nothing while it is not known yet that it has to. */
    Optional<String> waitingFor() {
        synchronized (this) {
            return phase == Phase.WAITING ? Optional.of(waitsFor).filter(why -> !why.isEmpty()) : Optional.empty();
        }
    }
}
