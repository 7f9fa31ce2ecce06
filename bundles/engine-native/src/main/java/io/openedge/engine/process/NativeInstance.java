package io.openedge.engine.process;

import io.openedge.directory.OutputLog;
import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.InstanceStats;
import io.openedge.engine.process.cgroup.ControlGroup;
import io.openedge.engine.process.tree.RunFiles;
import io.openedge.engine.process.tree.TreeEnd;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of an instance as a tree of processes. It ends with its first process, or when it is stopped; what is left of
 * the tree then ends too. A worker thread sees to the end, once.
 */
final class NativeInstance implements Instance {
    private static final Logger LOG = LoggerFactory.getLogger(NativeInstance.class);
    /** How long what a first process leaves behind may take to end. */
    private static final Duration REST = Duration.ofSeconds(2);
    /** Longer than the kernel takes for a kill, and the last output for its way. */
    private static final Duration MARGIN = Duration.ofMillis(4800);

    private static final Duration LAST_OUTPUT = Duration.ofMillis(500);

    private final InstanceSpec spec;
    private final Launch launch;
    private final Shared shared;
    private final Set<NativeInstance> runs;
    private final Instant begun = Instant.now();
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final CompletableFuture<Exit> exited = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1); // before exited, whose listeners may take their time
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicLong deadline = new AtomicLong();
    private final OutputLog output;
    private final CompletableFuture<Void> printed = new CompletableFuture<>();
    private volatile Optional<Launch.Begun> run = Optional.empty();
    private volatile boolean stopped;

    /** @param runs all of the engine that are not over */
    NativeInstance(InstanceSpec spec, Launch launch, Shared shared, Set<NativeInstance> runs) {
        this.spec = spec;
        this.launch = launch;
        this.shared = shared;
        this.runs = runs;
        this.output = shared.logs().of(spec.service(), spec.name());
    }

    /** Starts the program; how that goes, the run tells. */
    void begin() {
        runs.add(this);
        try {
            Launch.Begun started = launch.start(spec);
            run = Optional.of(started);
            shared.workers().execute(() -> {
                output.copy(started.process().getInputStream());
                printed.complete(null);
            });
            new Readiness(spec, launch.line(), launch.sign(spec), shared, started.process()).await(running);
            started.process().onExit().thenRun(() -> {
                started.tree().firstEnded();
                end(REST.compareTo(spec.grace()) < 0 ? REST : spec.grace());
            });
        } catch (IOException | RejectedExecutionException e) {
            ending.set(true);
            run.ifPresent(started -> new TreeEnd(started.tree(), System::nanoTime).await());
            publish(new Exit.Failed("cannot be started: " + e.getMessage()));
        }
    }

    private void end(Duration grace) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        deadline.set(System.nanoTime() + grace.toNanos());
        shared.workers().execute(this::endTree);
    }

    private void endTree() {
        Launch.Begun ended = run.orElseThrow();
        Exit exit;
        try {
            boolean gone = new TreeEnd(ended.tree(), deadline::get).await();
            exit = gone
                    ? exitOf(ended)
                    : new Exit.Failed("the kernel does not let its processes end: "
                            + ended.tree().members());
            if (gone) {
                clear(ended);
            }
        } catch (RuntimeException e) {
            LOG.error("the end of instance {} of service {} broke", spec.name(), spec.service(), e);
            exit = new Exit.Failed(e.toString());
        }
        publish(exit);
    }

    private Exit exitOf(Launch.Begun ended) {
        printed.completeOnTimeout(null, LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        int code = ended.process().onExit().join().exitValue();
        long killed = ended.group().map(ControlGroup::killedForMemory).orElse(0L);
        if (killed > 0) {
            LOG.warn(
                    "instance {} of service {}: the kernel killed {} of its processes: memory.limit is {} bytes",
                    spec.name(),
                    spec.service(),
                    killed,
                    launch.resources().memory().limit().bytes());
        }
        return stopped ? new Exit.Normal() : Ends.of(code, running.isDone(), killed > 0, output.lastLine());
    }

    private void clear(Launch.Begun ended) {
        try {
            ended.process().getInputStream().close(); // a process outside of the tree may hold the other end
        } catch (IOException e) {
            LOG.trace("{}: {}", spec.name(), e.toString());
        }
        ended.group().ifPresent(ControlGroup::remove);
        RunFiles.remove(ended.file());
    }

    private void publish(Exit exit) {
        runs.remove(this);
        over.countDown();
        exited.complete(exit);
    }

    /** When the engine goes, or nobody else says how long. */
    void stop() {
        stop(spec.grace());
    }

    @Override
    public void stop(Duration grace) {
        stopped = true;
        long latest = System.nanoTime() + grace.toNanos();
        end(grace);
        deadline.accumulateAndGet(latest, (now, mine) -> now == 0 || mine - now < 0 ? mine : now);
        awaitOver(grace.plus(MARGIN));
    }

    private void awaitOver(Duration limit) {
        boolean interrupted = false;
        long latest = System.nanoTime() + limit.toNanos();
        while (over.getCount() > 0 && System.nanoTime() < latest) {
            try {
                over.await(latest - System.nanoTime(), TimeUnit.NANOSECONDS);
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

    /** It waits for nobody but itself. */
    @Override
    public Optional<String> waitingFor() {
        return Optional.empty();
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
        NativeInstance next = new NativeInstance(spec, launch, shared, runs);
        next.begin();
        return next;
    }

    @Override
    public int exec(List<String> command, Duration limit) throws EngineException {
        Launch.Begun beside = run.filter(begun -> over.getCount() > 0 && !ending.get())
                .orElseThrow(() -> new EngineException("instance " + spec.name() + " does not run"));
        return launch.command(spec, beside.group(), command, limit);
    }

    @Override
    public InstanceRecord record() {
        return new InstanceRecord(
                spec.service(),
                spec.name(),
                new InstanceRecord.Process(
                        run.map(started -> started.process().pid()).orElse(0L),
                        launch.program().name()),
                run.map(Launch.Begun::since).orElse(begun),
                shared.bootId());
    }

    @Override
    public Optional<String> address() {
        return spec.address();
    }

    /** The host knows it of the processes. */
    @Override
    public InstanceStats stats() {
        return InstanceStats.UNKNOWN;
    }

    @Override
    public List<ProcessHandle> processes() {
        return over.getCount() == 0
                ? List.of()
                : run.map(begun -> begun.tree().roots().stream()
                                .flatMap(root -> begun.tree().handle(root).stream())
                                .toList())
                        .orElse(List.of());
    }
}
