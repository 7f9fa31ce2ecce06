package io.openedge.master.supervise;

import io.openedge.app.ServiceSpec;
import io.openedge.engine.Engine;
import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.InstanceStats;
import io.openedge.engine.Progress;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import io.openedge.system.Gateway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine that does what a test tells it, and notes what it was asked. */
public final class FakeEngine implements Engine {
    final List<Run> runs = new CopyOnWriteArrayList<>();
    final List<String> starting = new CopyOnWriteArrayList<>();
    final List<String> opened = new CopyOnWriteArrayList<>();
    final List<String> closed = new CopyOnWriteArrayList<>();
    final List<InstanceRecord> reclaimed = new CopyOnWriteArrayList<>();
    final Map<String, String> openFailures = new ConcurrentHashMap<>();
    final Set<String> startFailures = ConcurrentHashMap.newKeySet();
    /** Instances that do not work before the test says so. */
    final Set<String> slow = ConcurrentHashMap.newKeySet();
    /** Instances whose first run fails. */
    final Set<String> broken = ConcurrentHashMap.newKeySet();
    /** Services whose opening does not end before the latch. */
    final Map<String, CountDownLatch> openLatches = new ConcurrentHashMap<>();
    /** What cannot be prepared, and why; {@code throw} is a fault of the engine. */
    public final Map<String, String> prepareFailures = new ConcurrentHashMap<>();
    /** What speaks against services. */
    public final Map<String, String> checkFailures = new ConcurrentHashMap<>();
    /** Services whose preparation does not end before the latch. */
    public final Map<String, CountDownLatch> prepareLatches = new ConcurrentHashMap<>();

    /** The services of each look. */
    public final List<List<String>> checked = new CopyOnWriteArrayList<>();

    public final List<String> prepared = new CopyOnWriteArrayList<>();
    public final List<Set<String>> retained = new CopyOnWriteArrayList<>();
    /** NAME:V of instances that fail at once, whenever they run with that value of V. */
    public final Set<String> crashing = ConcurrentHashMap.newKeySet();
    /** Instances whose start does not return before the latch. */
    final Map<String, CountDownLatch> startLatches = new ConcurrentHashMap<>();
    /** Instances that stop only then. */
    final Map<String, CountDownLatch> stopLatches = new ConcurrentHashMap<>();

    volatile String reclaimFailure = "";

    final AtomicInteger mostAtOnce = new AtomicInteger();
    private final Map<String, AtomicInteger> alive = new ConcurrentHashMap<>();

    @Override
    public Map<String, EngineException> prepare(Collection<ServiceSpec> services, Volumes volumes, Progress progress)
            throws InterruptedException {
        Map<String, EngineException> failures = new HashMap<>();
        for (ServiceSpec service : services) {
            progress.report(service.name(), "pulling");
            prepared.add(service.name());
            CountDownLatch latch = prepareLatches.get(service.name());
            if (latch != null) {
                latch.await();
            }
            String failure = prepareFailures.get(service.name());
            if ("throw".equals(failure)) {
                throw new IllegalStateException("a fault of the engine");
            }
            if (failure != null) {
                failures.put(service.name(), new EngineException(failure));
            }
        }
        return failures;
    }

    @Override
    public Map<String, EngineException> check(Collection<ServiceSpec> services, Volumes volumes, Set<String> brought) {
        checked.add(services.stream().map(ServiceSpec::name).toList());
        Map<String, EngineException> failures = new HashMap<>();
        for (ServiceSpec service : services) {
            if (checkFailures.containsKey(service.name())) {
                failures.put(service.name(), new EngineException(checkFailures.get(service.name())));
            }
        }
        return failures;
    }

    @Override
    public void retain(Set<String> services) {
        retained.add(services);
    }

    @Override
    public ServiceHandle open(ServiceSpec service, Volumes volumes) throws EngineException {
        CountDownLatch latch = openLatches.get(service.name());
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new EngineException("interrupted", e);
            }
        }
        opened.add(service.name());
        String failure = openFailures.get(service.name());
        if (failure != null) {
            throw new EngineException(failure);
        }
        return new ServiceHandle() {
            @Override
            public Instance start(InstanceSpec spec) {
                if (startFailures.contains(spec.name())) {
                    throw new IllegalStateException("cannot start");
                }
                CountDownLatch slowStart = startLatches.get(spec.name());
                if (slowStart != null) {
                    starting.add(spec.name());
                    try {
                        slowStart.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                return new Run(spec);
            }

            @Override
            public void close() {
                closed.add(service.name());
            }
        };
    }

    @Override
    public void reclaim(Collection<InstanceRecord> leftovers) {
        if (!reclaimFailure.isEmpty()) {
            throw new IllegalStateException(reclaimFailure);
        }
        reclaimed.addAll(leftovers);
    }

    List<Run> runsOf(String instance) {
        List<Run> found = new ArrayList<>(runs);
        found.removeIf(run -> !run.spec.name().equals(instance));
        return found;
    }

    /** How many runs of an instance there were, ended ones too. */
    public int count(String instance) {
        return runsOf(instance).size();
    }

    /** The values of V with which instances run now, by instance. */
    public Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        runs.stream()
                .filter(run -> !run.exited.isDone())
                .forEach(run -> versions.merge(
                        run.spec.name(),
                        run.spec.environment().getOrDefault("V", ""),
                        (one, other) -> one + "+" + other));
        return versions;
    }

    /** Instances of that name stop only after the latch. */
    public void slowStop(String instance, CountDownLatch latch) {
        stopLatches.put(instance, latch);
    }

    /** Whether a run of an instance was told to stop. */
    public boolean stopping(String instance) {
        return runsOf(instance).stream().anyMatch(run -> run.stops > 0);
    }

    /** Ends what runs of an instance as a failure. */
    public void kill(String instance) {
        runsOf(instance).forEach(run -> run.end(new Exit.Signal(9)));
    }

    /** The environment of the first run of an instance. */
    public Map<String, String> environmentOf(String instance) {
        return runsOf(instance).get(0).spec.environment();
    }

    /** The gateway of the first run of an instance. */
    public Gateway gatewayOf(String instance) {
        return runsOf(instance).get(0).spec.gateway();
    }

    /** How many runs have not ended. */
    public int alive() {
        return alive.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    int alive(String instance) {
        AtomicInteger count = alive.get(instance);
        return count == null ? 0 : count.get();
    }

    /** One run. */
    final class Run implements Instance {
        final InstanceSpec spec;
        final CompletableFuture<Void> running = new CompletableFuture<>();
        final CompletableFuture<Exit> exited = new CompletableFuture<>();
        volatile Optional<String> waitingFor = Optional.empty();
        volatile int stops;
        volatile InstanceStats stats = InstanceStats.UNKNOWN;
        volatile List<ProcessHandle> processes = List.of();

        Run(InstanceSpec spec) {
            this.spec = spec;
            int now = alive.computeIfAbsent(spec.name(), key -> new AtomicInteger())
                    .incrementAndGet();
            mostAtOnce.accumulateAndGet(now, Math::max);
            runs.add(this);
            if (broken.contains(spec.name())
                    || crashing.contains(spec.name() + ":" + spec.environment().get("V"))) {
                end(new Exit.Code(3));
            } else if (!slow.contains(spec.name())) {
                running.complete(null);
            }
        }

        void end(Exit exit) {
            if (!exited.isDone()) {
                alive.get(spec.name()).decrementAndGet();
                exited.complete(exit);
            }
        }

        @Override
        public CompletionStage<Void> running() {
            return running;
        }

        @Override
        public Optional<String> waitingFor() {
            return waitingFor;
        }

        @Override
        public CompletionStage<Exit> exited() {
            return exited;
        }

        @Override
        public Instance restart() {
            return new Run(spec);
        }

        @Override
        public void stop(Duration grace) {
            stops++;
            CountDownLatch latch = stopLatches.get(spec.name());
            if (latch != null) {
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            end(new Exit.Normal());
        }

        @Override
        public int exec(List<String> command, Duration limit) {
            return 0;
        }

        @Override
        public InstanceRecord record() {
            return new InstanceRecord(
                    spec.service(), spec.name(), new InstanceRecord.Process(42, "fake"), Instant.EPOCH, "boot-1");
        }

        @Override
        public Optional<String> address() {
            return spec.dynamic() ? Optional.of("fake:" + spec.name()) : Optional.empty();
        }

        @Override
        public Optional<String> address(String engine) {
            return address().map(address -> address + " seen from " + engine);
        }

        @Override
        public InstanceStats stats() {
            return stats;
        }

        @Override
        public List<ProcessHandle> processes() {
            return processes;
        }
    }
}
