package io.openedge.engine.osgi;

import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.InstanceStats;
import io.openedge.module.Module;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of an instance in this framework. Whatever ends it first (stop, a bundle that goes, the module itself) says
 * how it ends; the instance's own thread does the work, and a watch leaves it behind when it takes too long.
 */
final class OsgiInstance implements Instance {
    private static final Logger LOG = LoggerFactory.getLogger(OsgiInstance.class);
    private static final Duration MARGIN = Duration.ofSeconds(2);

    /** Moves only downwards. */
    private enum Phase {
        /** Waits for a bundle that offers its module. */
        PENDING,
        /** The module is being started on the instance's thread. */
        STARTING,
        /** The start has returned; the module works or is being closed. */
        STARTED,
        /** The run has ended. */
        OVER
    }

    private final InstanceSpec spec;
    private final WantedModule wanted;
    private final Place place;
    private final Shared shared;
    private final Instant begun = Instant.now();
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final CompletableFuture<Exit> ending = new CompletableFuture<>(); // what ended it first
    private final CompletableFuture<Exit> exited = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1); // before exited, whose listeners may take their time
    private Phase phase = Phase.PENDING; // guarded by this
    private Optional<ModuleThread> thread = Optional.empty(); // guarded by this
    private volatile boolean serves;

    OsgiInstance(InstanceSpec spec, WantedModule wanted, Place place, Shared shared) {
        this.spec = spec;
        this.wanted = wanted;
        this.place = place;
        this.shared = shared;
    }

    /** Starts as soon as there is a module. */
    OsgiInstance begin() {
        if (shared.abandoned().tooMany(spec.service())) {
            end(
                    new Exit.Failed(AbandonedThreads.LIMIT + " instances of the service '" + spec.service()
                            + "' did not stop and are still in the framework: restart the gateway, or run the service"
                            + " with engine: native"),
                    spec.grace());
        } else {
            shared.offers().add(this);
        }
        return this;
    }

    WantedModule wanted() {
        return wanted;
    }

    synchronized boolean uses(ServiceReference<Module> reference) {
        return phase != Phase.OVER
                && thread.filter(t -> t.offer().equals(reference)).isPresent();
    }

    /** A bundle offers the module: a pending run takes it. */
    void offer(ServiceReference<Module> reference) {
        ModuleThread owner = new ModuleThread(this, spec, place, shared, reference, ending);
        synchronized (this) {
            if (phase != Phase.PENDING) {
                return;
            }
            phase = Phase.STARTING;
            thread = Optional.of(owner);
        }
        owner.start();
        if (!shared.offers().has(reference)) { // it went before this run counted as its user
            gone("module '" + wanted.name() + "': its bundle is gone");
        }
    }

    void gone(String reason) {
        end(new Exit.Gone(reason), spec.grace());
    }

    void failed(String reason) {
        end(new Exit.Failed(reason), spec.grace());
    }

    /** The first end counts. Returns at once. */
    private void end(Exit exit, Duration grace) {
        ending.complete(exit);
        Optional<ModuleThread> owner;
        boolean pending;
        synchronized (this) {
            owner = thread;
            pending = phase == Phase.PENDING;
            if (pending) {
                phase = Phase.OVER;
            } else if (phase == Phase.STARTING) {
                owner.ifPresent(ModuleThread::interrupt);
            }
        }
        if (pending) {
            publish(exit);
        }
        owner.ifPresent(t -> watch(t, grace));
    }

    private void watch(ModuleThread owner, Duration grace) {
        if (over.getCount() == 0) {
            return;
        }
        try {
            Future<?> alarm =
                    shared.watch().schedule(() -> leaveBehind(owner, grace), grace.toMillis(), TimeUnit.MILLISECONDS);
            exited.whenComplete((exit, none) -> alarm.cancel(false));
        } catch (RejectedExecutionException closed) { // the engine has stopped and left behind what did not
            LOG.debug("instance {} outlived the engine", spec.name());
        }
    }

    /** Not on the timer: closing connections and telling listeners may take a while. */
    private void leaveBehind(ModuleThread owner, Duration grace) {
        Thread closer = new Thread(() -> abandon(owner, grace), spec.service() + "/" + spec.name() + " leave");
        closer.setDaemon(true);
        closer.start();
    }

    private void abandon(ModuleThread owner, Duration grace) {
        Exit exit = new Exit.Failed("did not stop within " + grace.toMillis() + " ms; its code is left behind");
        if (!claimOver()) {
            return;
        }
        int left = shared.abandoned().add(spec.service(), owner.leave());
        LOG.error(
                "instance {} of service {} did not stop within {} ms; its thread is left behind, {} of {} allowed",
                spec.name(),
                spec.service(),
                grace.toMillis(),
                left,
                AbandonedThreads.LIMIT);
        publish(exit);
    }

    /** On the instance's thread: interrupts, which were meant for the start, are over. */
    synchronized void startReturned() {
        if (phase == Phase.STARTING) {
            phase = Phase.STARTED;
        }
        Thread.interrupted();
    }

    /** On the instance's thread: the module works. The run may be ending already. */
    void works(boolean withFunctions) {
        startReturned();
        if (!ending.isDone()) {
            serves = withFunctions;
            running.complete(null);
        }
    }

    /**
     * On the instance's thread, last: the module is closed.
     *
     * @return false when the thread had been left behind
     */
    boolean finish(Exit exit) {
        boolean first = claimOver();
        if (first) {
            publish(exit);
        }
        return first;
    }

    private synchronized boolean claimOver() {
        boolean first = phase != Phase.OVER;
        phase = Phase.OVER;
        return first;
    }

    private void publish(Exit exit) {
        shared.offers().remove(this);
        over.countDown();
        exited.complete(exit);
    }

    /** Waits until the run is over; the watch sees to it that this comes. */
    void awaitOver() {
        awaitOver(spec.grace().plus(MARGIN));
    }

    private void awaitOver(Duration limit) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + limit.toNanos();
        while (over.getCount() > 0 && System.nanoTime() < deadline) {
            try {
                over.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletionStage<Void> running() {
        return running.minimalCompletionStage();
    }

    @Override
    public synchronized Optional<String> waitingFor() {
        return phase == Phase.PENDING ? Optional.of(wanted.nobody()) : Optional.empty();
    }

    @Override
    public CompletionStage<Exit> exited() {
        return exited.minimalCompletionStage();
    }

    @Override
    public Instance restart() {
        if (over.getCount() > 0) {
            throw new IllegalStateException("instance " + spec.name() + " has not ended yet");
        }
        return new OsgiInstance(spec, wanted, place, shared).begin();
    }

    @Override
    public void stop(Duration grace) {
        end(new Exit.Normal(), grace);
        awaitOver(grace.plus(MARGIN));
    }

    @Override
    public int exec(List<String> command, Duration limit) throws EngineException {
        throw new EngineException("a module in the framework is no process: no command can run inside the instance "
                + spec.name() + "; run the service with engine: native or docker");
    }

    @Override
    public InstanceRecord record() {
        return new InstanceRecord(spec.service(), spec.name(), new InstanceRecord.Framework(), begun, "");
    }

    @Override
    public Optional<String> address() {
        return spec.address().or(() -> serves ? Optional.of(Endpoints.SCHEME + spec.name()) : Optional.empty());
    }

    /** Code in the framework shares the gateway's memory and threads: nobody can tell. */
    @Override
    public InstanceStats stats() {
        return InstanceStats.UNKNOWN;
    }

    @Override
    public List<ProcessHandle> processes() {
        Optional<ModuleThread> owner;
        synchronized (this) {
            owner = thread;
        }
        return owner.map(ModuleThread::processes).orElseGet(List::of);
    }
}
