package io.openedge.engine.docker;

import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.InstanceStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
final class ContainerRun implements Instance {
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
    private final Blueprint blueprint;
    private final Shared shared;
    private final boolean again;
    private final Instant begun = Instant.now();
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final CompletableFuture<Exit> exited = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Output output;
    private Phase phase = Phase.WAITING; // guarded by this
    private boolean stopping; // guarded by this
    private boolean unseen; // guarded by this: it ended while it was launched
    private volatile Optional<Body> body;
    private volatile String waitsFor = "the Docker daemon has not answered yet";
    private volatile CountDownLatch launched = new CountDownLatch(1);

    /**
     * @param before the container of the run before
     * @param known until when its output is known
     */
    private ContainerRun(InstanceSpec spec, Blueprint blueprint, Shared shared, Optional<Body> before, Instant known) {
        this.spec = spec;
        this.blueprint = blueprint;
        this.shared = shared;
        this.body = before;
        this.again = before.isPresent();
        this.output = new Output(spec.service(), spec.name(), known);
    }

    static ContainerRun begin(InstanceSpec spec, Blueprint blueprint, Shared shared) {
        return new ContainerRun(spec, blueprint, shared, Optional.empty(), Instant.EPOCH).begin();
    }

    private ContainerRun begin() {
        shared.runs().add(this);
        Optional<String> away = shared.watch().away();
        if (away.isPresent()) {
            waitsFor = away.get();
        } else {
            launch();
        }
        return this;
    }

    String name() {
        return spec.name();
    }

    Optional<Body> body() {
        return body;
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
            Body own = body.isPresent() && shared.containers().state(body.get()).isPresent() ? again() : make();
            if (!isStopping()) {
                shared.containers().start(own);
                works(own);
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

    private Body again() throws DaemonException, InterruptedException {
        shared.containers().requireNetwork();
        return body.orElseThrow();
    }

    private Body make() throws EngineException, InterruptedException {
        Body made = shared.containers().make(spec, blueprint);
        body = Optional.of(made);
        return made;
    }

    private void works(Body own) {
        boolean look;
        synchronized (this) {
            phase = Phase.RUNNING;
            look = unseen;
        }
        shared.sampler().add(own.id());
        follow(own);
        running.complete(null);
        if (look) {
            look();
        }
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

    /** What a first start leaves is removed; a container that has run before keeps what was written in it. */
    private void notStarted(String why) {
        if (!again) {
            body.ifPresent(this::removeQuietly);
            body = Optional.empty();
        }
        end(new Exit.Failed(why));
    }

    private void removeQuietly(Body own) {
        try {
            shared.containers().remove(own);
        } catch (DaemonException e) { // it carries our label: the next look at the daemon removes it
            LOG.info("{}: its container is removed later: {}", spec.name(), e.getMessage());
        }
    }

    /** The daemon says that a container has ended. */
    void ended(String container) {
        if (body.filter(own -> own.id().equals(container)).isPresent()) {
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
        work(() -> body.ifPresent(this::lookNow));
    }

    private void lookNow(Body own) {
        try {
            boolean limited = blueprint.service().resources().memory().limit().bytes() > 0;
            new Ending(shared, output, limited).of(own).ifPresent(this::end);
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
        body.map(Body::id).ifPresent(shared.sampler()::remove);
        over.countDown();
        exited.complete(told ? new Exit.Normal() : exit);
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    @Override
    public void stop(Duration grace) {
        synchronized (this) {
            stopping = true;
        }
        try {
            awaitLaunch();
            if (body.isPresent()) {
                takeDown(body.get(), grace);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(new Exit.Normal());
            output.feed().close();
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
    private void takeDown(Body own, Duration grace) throws InterruptedException {
        try {
            if (over.getCount() > 0) {
                shared.daemon().stop(own.id(), grace);
                output.feed().awaitEnd(LAST_WORDS);
            }
            shared.containers().remove(own);
            body = Optional.empty();
        } catch (DaemonException e) { // it carries our label: it goes when the daemon is back
            LOG.warn("{}: its container is removed when the daemon is back: {}", spec.name(), e.getMessage());
        }
    }

    @Override
    public Instance restart() {
        if (over.getCount() > 0) {
            throw new IllegalStateException("instance " + spec.name() + " has not ended yet");
        }
        return new ContainerRun(spec, blueprint, shared, body, output.last()).begin();
    }

    @Override
    public CompletionStage<Void> running() {
        return running.minimalCompletionStage();
    }

    @Override
    public Optional<String> waitingFor() {
        synchronized (this) {
            if (phase != Phase.WAITING) {
                return Optional.empty();
            }
        }
        return Optional.of(waitsFor);
    }

    @Override
    public CompletionStage<Exit> exited() {
        return exited.minimalCompletionStage();
    }

    @Override
    public int exec(List<String> command, Duration limit) throws EngineException {
        Optional<Body> own = body;
        if (own.isEmpty() || over.getCount() == 0) {
            throw new EngineException("instance " + spec.name() + " does not run");
        }
        return new Probe(shared.daemon(), own.get().id()).run(command, limit);
    }

    @Override
    public InstanceRecord record() {
        String id = body.map(Body::id).orElse("");
        return new InstanceRecord(
                spec.service(), spec.name(), new InstanceRecord.Container(id, spec.name()), begun, "");
    }

    @Override
    public Optional<String> address() {
        return address("");
    }

    @Override
    public Optional<String> address(String engine) {
        String given = spec.environment().getOrDefault(InstanceSpec.ADDRESS, "");
        if (!given.isEmpty()) {
            return Optional.of(given);
        }
        return body.flatMap(Body::endpoint)
                .map(endpoint -> engine.equals("docker") ? Endpoint.inside(spec.name()) : endpoint.onHost());
    }

    @Override
    public InstanceStats stats() {
        return body.map(own -> shared.sampler().of(own.id())).orElse(InstanceStats.UNKNOWN);
    }
}
