package io.openedge.engine.docker;

import io.openedge.app.ServiceSpec;
import io.openedge.directory.OutputLogs;
import io.openedge.engine.Engine;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.Progress;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Runs services as containers of the Docker daemon that {@code DOCKER_HOST} names. */
@Component(service = Engine.class, immediate = true, property = Engine.NAME + "=docker")
public final class DockerEngine implements Engine {
    /** Framework property: the work directory, absolute. */
    static final String WORK_DIRECTORY = "openedge.workdir";

    private static final int WORKERS = 8;
    private static final int MOST_TASKS = 100_000;
    private static final Duration LAST_GRACE = Duration.ofSeconds(10);

    private final Patience patience;
    private final ThreadPoolExecutor workers;
    private final Connection connection;
    private final Identity identity;
    private final Images images;
    private final Leftovers leftovers;
    private final DaemonWatch watch;
    private final Runs runs = new Runs();
    private final Shared shared;
    private final Set<String> open = ConcurrentHashMap.newKeySet();

    /** @param bundles of this engine's bundle; knows {@code openedge.workdir} */
    @Activate
    public DockerEngine(BundleContext bundles) {
        this(workDirectory(bundles), System.getenv());
    }

    DockerEngine(Path workDirectory, Map<String, String> environment) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads("timer"));
        timer.setRemoveOnCancelPolicy(true);
        patience = new Patience(timer);
        connection = new Connection(environment, patience);
        workers = new ThreadPoolExecutor(
                WORKERS, WORKERS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_TASKS), threads("worker"));
        workers.allowCoreThreadTimeOut(true);
        Daemon daemon = new Daemon(connection);
        identity = Identity.of(workDirectory);
        images = new Images(daemon);
        leftovers = new Leftovers(daemon, identity, runs);
        watch = new DaemonWatch(connection, daemon, identity.labels(), new Hearer());
        shared = new Shared(
                daemon,
                new Containers(daemon, images, identity, ReadySign.place(workDirectory)),
                runs,
                new Sampler(daemon, workers, timer),
                OutputLogs.in(workDirectory),
                workers,
                timer,
                watch);
        watch.begin();
    }

    private static Path workDirectory(BundleContext bundles) {
        return Path.of(Optional.ofNullable(bundles.getProperty(WORK_DIRECTORY))
                .orElseThrow(() -> new IllegalStateException("no framework property " + WORK_DIRECTORY)));
    }

    private static ThreadFactory threads(String what) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "engine-docker-" + what + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Stops what still runs: nothing of it would be seen any more. */
    @Deactivate
    void close() {
        List<Thread> stops = new ArrayList<>();
        for (ContainerRun run : runs.all()) {
            Thread stop = new Thread(() -> run.stop(LAST_GRACE), "engine-docker-stop");
            stop.setDaemon(true);
            stop.start();
            stops.add(stop);
        }
        try {
            for (Thread stop : stops) {
                stop.join(LAST_GRACE.multipliedBy(2).toMillis());
            }
            watch.close();
            workers.shutdownNow();
            workers.awaitTermination(LAST_GRACE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        patience.close();
        connection.close();
    }

    @Override
    public Map<String, EngineException> prepare(Collection<ServiceSpec> services, Volumes volumes, Progress progress)
            throws InterruptedException {
        return images.prepare(services, progress);
    }

    @Override
    public Map<String, EngineException> check(Collection<ServiceSpec> services, Volumes volumes, Set<String> brought)
            throws InterruptedException {
        Map<String, EngineException> failures = new HashMap<>();
        Map<String, Optional<EngineException>> asked = new HashMap<>();
        for (ServiceSpec service : services) {
            try {
                Blueprint.of(service, volumes, identity);
                asked.computeIfAbsent(service.image(), images::check)
                        .ifPresent(failure -> failures.put(service.name(), failure));
            } catch (EngineException e) {
                failures.put(service.name(), e);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("given up while looking at " + service.name());
            }
        }
        return failures;
    }

    @Override
    public ServiceHandle open(ServiceSpec service, Volumes volumes) throws EngineException {
        Blueprint blueprint = Blueprint.of(service, volumes, identity);
        if (!open.add(service.name())) {
            throw new EngineException("service '" + service.name() + "' is open already");
        }
        return new DockerService(blueprint, shared, () -> open.remove(service.name()));
    }

    @Override
    public Optional<String> hostAddress() {
        return shared.containers().hostAddress();
    }

    @Override
    public void reclaim(Collection<InstanceRecord> records) {
        leftovers.remove(records);
    }

    /** What the watch over the daemon says, to all runs. */
    private final class Hearer implements DaemonWatch.Audience {
        @Override
        public void isBack() throws DaemonException {
            leftovers.sweep();
        }

        @Override
        public void isThere() {
            runs.all().forEach(ContainerRun::daemonIsThere);
        }

        @Override
        public void isAway(String reason) {
            runs.all().forEach(run -> run.daemonIsAway(reason));
        }

        @Override
        public void ended(String container) {
            runs.all().forEach(run -> run.ended(container));
        }
    }
}
