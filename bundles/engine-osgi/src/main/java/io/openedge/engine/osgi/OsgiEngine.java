package io.openedge.engine.osgi;

import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import io.openedge.directory.ServiceDirectories;
import io.openedge.directory.ServiceDirectory;
import io.openedge.directory.ServiceUser;
import io.openedge.engine.Engine;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.Progress;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import io.openedge.engine.osgi.packages.Packages;
import io.openedge.module.runtime.ModuleContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs modules that bundles offer, inside this framework. */
@Component(service = Engine.class, immediate = true, property = Engine.NAME + "=osgi")
public final class OsgiEngine implements Engine {
    /** Framework property: the work directory, absolute. */
    static final String WORK_DIRECTORY = "openedge.workdir";

    private static final Logger LOG = LoggerFactory.getLogger(OsgiEngine.class);

    private final ServiceDirectories directories;
    private final Shared shared;
    private final Functions functions;

    /** @param bundles of this engine's bundle; knows {@code openedge.workdir} */
    @Activate
    public OsgiEngine(BundleContext bundles) {
        String workDirectory = Optional.ofNullable(bundles.getProperty(WORK_DIRECTORY))
                .orElseThrow(() -> new IllegalStateException("no framework property " + WORK_DIRECTORY));
        this.directories = new ServiceDirectories(Path.of(workDirectory));
        Packages packages = new Packages(bundles, Path.of(workDirectory));
        Endpoints endpoints = new Endpoints();
        this.functions = new Functions(endpoints, bundles);
        this.shared = new Shared(
                new ModuleOffers(bundles, packages.regions()),
                packages,
                new ModuleContexts(),
                endpoints,
                functions,
                new AbandonedThreads(),
                watch());
        shared.offers().open();
    }

    private static ScheduledThreadPoolExecutor watch() {
        ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "engine-osgi-watch");
            thread.setDaemon(true);
            return thread;
        });
        watch.setRemoveOnCancelPolicy(true);
        return watch;
    }

    /** Ends what still runs, at most its grace. */
    @Deactivate
    void close() {
        shared.offers().close("the engine osgi stops");
        shared.packages().close();
        functions.close();
        shared.contexts().close();
        shared.watch().shutdownNow();
    }

    @Override
    public Map<String, EngineException> prepare(Collection<ServiceSpec> services, Volumes volumes, Progress progress)
            throws InterruptedException {
        Map<String, EngineException> failures = new HashMap<>();
        for (ServiceSpec service : services) {
            try {
                requireArguments(service);
                ServiceUser.of(service.name(), service.user());
                shared.packages().prepare(service, volumes, what -> progress.report(service.name(), what));
            } catch (EngineException e) {
                failures.put(service.name(), e);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("given up while preparing " + service.name());
            }
        }
        return failures;
    }

    @Override
    public Map<String, EngineException> check(Collection<ServiceSpec> services, Volumes volumes, Set<String> brought)
            throws InterruptedException {
        Map<String, EngineException> failures = new HashMap<>();
        for (ServiceSpec service : services) {
            try {
                requireArguments(service);
                ServiceUser.of(service.name(), service.user());
                if (!shared.packages().check(service, volumes)) {
                    requireModule(service, brought);
                }
            } catch (EngineException e) {
                failures.put(service.name(), e);
            }
        }
        return failures;
    }

    private void requireModule(ServiceSpec service, Set<String> brought) throws EngineException {
        WantedModule wanted = new WantedModule(service.module(), Optional.empty());
        if (!brought.contains(wanted.name()) && !shared.offers().has(wanted)) {
            throw new EngineException("service '" + service.name() + "': " + wanted.nobody()
                    + ": no feature of this installation brings it, and no volume of the service holds lib/openedge/"
                    + wanted.name() + "/package.yml with bundles");
        }
    }

    @Override
    public ServiceHandle open(ServiceSpec service, Volumes volumes) throws EngineException {
        requireArguments(service);
        Optional<ServiceUser> user = ServiceUser.of(service.name(), service.user());
        ServiceDirectory directory = directories.open(service, volumes);
        try {
            if (user.isPresent()) {
                user.get().enter(directory.path(), directory.alone());
            }
            WantedModule wanted =
                    new WantedModule(service.module(), shared.packages().open(service, volumes));
            sayWhatIsWritable(service);
            return new OsgiService(service, wanted, directory, user, shared);
        } catch (EngineException | RuntimeException e) {
            directory.close();
            throw e;
        } catch (IOException e) {
            directory.close();
            throw new EngineException(
                    "service '" + service.name() + "': its folders cannot be given to user '" + service.user() + "': "
                            + e,
                    e);
        }
    }

    @Override
    public void retain(Set<String> services) {
        shared.packages().retain(services);
    }

    private static void sayWhatIsWritable(ServiceSpec service) {
        String paths = service.mounts().stream()
                .filter(MountSpec::readOnly)
                .map(MountSpec::path)
                .collect(Collectors.joining(", "));
        if (!paths.isEmpty()) {
            LOG.info(
                    "service {}: code in the framework cannot be kept from writing to readonly mounts: {}",
                    service.name(),
                    paths);
        }
    }

    private static void requireArguments(ServiceSpec service) throws EngineException {
        List<String> args = service.args();
        if (!args.isEmpty() && !(args.size() == 2 && args.get(0).equals("-c"))) {
            throw new EngineException("service '" + service.name() + "': args " + args
                    + " are not possible under the engine osgi; allowed: -c FILE");
        }
    }

    /** Nothing of a framework outlives it but directories. */
    @Override
    public void reclaim(Collection<InstanceRecord> leftovers) {
        leftovers.stream()
                .filter(leftover -> leftover.place() instanceof InstanceRecord.Framework)
                .map(InstanceRecord::service)
                .distinct()
                .forEach(directories::removeLeftover);
    }
}
