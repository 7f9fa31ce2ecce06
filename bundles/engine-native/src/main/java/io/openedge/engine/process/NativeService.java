package io.openedge.engine.process;

import io.openedge.app.Resources;
import io.openedge.app.ServiceSpec;
import io.openedge.directory.Mount;
import io.openedge.directory.ServiceDirectory;
import io.openedge.directory.ServiceUser;
import io.openedge.engine.EngineException;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.ServiceHandle;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service that is open in this engine. Thread rule: any thread. */
final class NativeService implements ServiceHandle {
    private static final Logger LOG = LoggerFactory.getLogger(NativeService.class);

    private final ServiceDirectory directory;
    private final Launch launch;
    private final Shared shared;
    private final Set<NativeInstance> runs;
    private final AtomicBoolean closed = new AtomicBoolean();

    private NativeService(ServiceDirectory directory, Launch launch, Shared shared, Set<NativeInstance> runs) {
        this.directory = directory;
        this.launch = launch;
        this.shared = shared;
        this.runs = runs;
    }

    /**
     * @param runs all of the engine that are not over
     * @throws EngineException when there is no program for it
     */
    static NativeService of(
            ServiceSpec service,
            Optional<ServiceUser> user,
            ServiceDirectory directory,
            Places places,
            Shared shared,
            Set<NativeInstance> runs)
            throws EngineException, IOException {
        Program program = Program.of(service, directory.path(), places);
        if (user.isPresent()) {
            user.get().own(directory.path(), directory.alone());
        }
        boolean bind = bind(service, directory, shared.tools());
        boolean byProcess = sayLimits(service, shared);
        LaunchLine line = LaunchLine.of(shared.tools(), directory, user, service.resources(), bind, byProcess);
        Launch launch = new Launch(
                program,
                line,
                new ProcessEnvironment(places.home().toString(), user),
                directory.path(),
                service.resources(),
                shared);
        return new NativeService(directory, launch, shared, runs);
    }

    private static boolean bind(ServiceSpec service, ServiceDirectory directory, Tools tools) {
        String paths = directory.mounts().stream()
                .filter(Mount::readOnly)
                .map(mount -> mount.path().toString())
                .collect(Collectors.joining(", "));
        if (paths.isEmpty()) {
            return false;
        }
        Optional<String> why = tools.noMounts();
        why.ifPresent(reason -> LOG.warn(
                "service {}: it is not kept from writing to its readonly mounts ({}): {}",
                service.name(),
                paths,
                reason));
        return why.isEmpty();
    }

    /** @return whether the limit of memory is to be held for each process alone */
    private static boolean sayLimits(ServiceSpec service, Shared shared) {
        Resources resources = service.resources();
        Set<String> missing = shared.groups().notHeld(resources);
        boolean byProcess = missing.remove("memory.limit");
        if (byProcess) {
            LOG.warn(
                    "service {}: resources.memory.limit is held for the data of each process alone, not for all of an"
                            + " instance together: there is no control group for it here",
                    service.name());
        }
        if (!resources.cpu().setCpus().isEmpty() && !shared.tools().has("taskset")) {
            missing.add("cpu.setcpus");
        }
        if (!missing.isEmpty()) {
            LOG.warn(
                    "service {}: resources {} are not held: there is no control group for them here",
                    service.name(),
                    missing);
        }
        return byProcess;
    }

    @Override
    public Instance start(InstanceSpec spec) {
        if (closed.get()) {
            throw new IllegalStateException("the service '" + spec.service() + "' is closed");
        }
        NativeInstance run = new NativeInstance(withAddress(spec), launch, shared, runs);
        run.begin();
        return run;
    }

    /** An instance on demand serves where its starter says, else on a port that the gateway has free. */
    private static InstanceSpec withAddress(InstanceSpec spec) {
        return spec.wantsAddress() ? spec.at("127.0.0.1:" + spec.gateway().availablePort()) : spec;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            directory.close();
        }
    }
}
