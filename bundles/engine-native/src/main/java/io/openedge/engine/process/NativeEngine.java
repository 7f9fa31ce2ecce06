package io.openedge.engine.process;

import io.openedge.app.ServiceSpec;
import io.openedge.directory.OutputLogs;
import io.openedge.directory.ServiceDirectories;
import io.openedge.directory.ServiceDirectory;
import io.openedge.directory.ServiceUser;
import io.openedge.engine.Engine;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.Progress;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import io.openedge.engine.process.cgroup.ControlGroups;
import io.openedge.engine.process.tree.ProcessTable;
import io.openedge.engine.process.tree.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Runs services as processes of this host. */
@Component(service = Engine.class, immediate = true, property = Engine.NAME + "=native")
public final class NativeEngine implements Engine {
    private final Path home;
    private final ServiceDirectories directories;
    private final Shared shared;
    private final Leftovers leftovers;
    private final Set<NativeInstance> runs = ConcurrentHashMap.newKeySet();

    /** @param bundles of this engine's bundle; knows {@code openedge.workdir} and {@code openedge.home} */
    @Activate
    public NativeEngine(BundleContext bundles) {
        this(
                Path.of(required(bundles, "openedge.workdir")),
                Path.of(required(bundles, "openedge.home")).toAbsolutePath().normalize(),
                Tools.ofHost(),
                Path.of("/"));
    }

    /** @param root of the file system in which control groups are looked for */
    NativeEngine(Path workDirectory, Path home, Tools tools, Path root) {
        this.home = home;
        this.directories = new ServiceDirectories(workDirectory);
        ProcessTable table = ProcessTable.ofHost();
        this.shared = new Shared(
                tools,
                table,
                table.bootId(),
                new ControlGroups(
                        root, Integer.toHexString(workDirectory.toString().hashCode())),
                new RunFiles(workDirectory.resolve("var/run/openedge/native")),
                OutputLogs.in(workDirectory),
                watch(),
                workers());
        this.leftovers = new Leftovers(table, shared.bootId(), shared.runs(), directories, shared.workers());
    }

    private static String required(BundleContext bundles, String property) {
        return Optional.ofNullable(bundles.getProperty(property))
                .orElseThrow(() -> new IllegalStateException("no framework property " + property));
    }

    private static ScheduledExecutorService watch() {
        ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(1, daemon("engine-native-watch"));
        watch.setRemoveOnCancelPolicy(true);
        return watch;
    }

    /** As many as there are instances that print or end; an idle one goes after a while. */
    private static ExecutorService workers() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newCachedThreadPool(
                task -> daemon("engine-native-" + number.incrementAndGet()).newThread(task));
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Ends what still runs, at most its grace. */
    @Deactivate
    void close() {
        leftovers.await();
        stopAll();
        shared.watch().shutdownNow();
        shared.workers().shutdown();
        shared.groups().close();
    }

    private void stopAll() {
        List<Thread> stops = runs.stream()
                .map(run -> daemon("engine-native-stop").newThread(run::stop))
                .toList();
        stops.forEach(Thread::start);
        try {
            for (Thread stop : stops) {
                stop.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** There is nothing to get. */
    @Override
    public Map<String, EngineException> prepare(Collection<ServiceSpec> services, Volumes volumes, Progress progress) {
        return check(services, volumes, Set.of());
    }

    @Override
    public Map<String, EngineException> check(Collection<ServiceSpec> services, Volumes volumes, Set<String> brought) {
        Map<String, EngineException> failures = new HashMap<>();
        for (ServiceSpec service : services) {
            try {
                shared.tools().user(service);
                Program.check(service, volumes, Places.of(volumes.workDirectory(), home));
            } catch (EngineException e) {
                failures.put(service.name(), e);
            }
        }
        return failures;
    }

    @Override
    public ServiceHandle open(ServiceSpec service, Volumes volumes) throws EngineException {
        if (!shared.tools().has("sh") && !shared.tools().has("bash")) {
            throw new EngineException("service '" + service.name() + "': there is no shell on this host to start it");
        }
        Optional<ServiceUser> user = shared.tools().user(service);
        leftovers.await();
        ServiceDirectory directory = directories.open(service, volumes);
        try {
            return NativeService.of(service, user, directory, Places.of(volumes.workDirectory(), home), shared, runs);
        } catch (EngineException | RuntimeException e) {
            directory.close();
            throw e;
        } catch (IOException e) {
            directory.close();
            throw new EngineException("service '" + service.name() + "' cannot be opened: " + e, e);
        }
    }

    /** The run files say more than these records: they were there before the first process did anything. */
    @Override
    public void reclaim(Collection<InstanceRecord> records) {
        leftovers.await();
        records.stream()
                .filter(record -> record.place() instanceof InstanceRecord.Process)
                .map(InstanceRecord::service)
                .distinct()
                .forEach(leftovers::removeDirectory);
    }
}
