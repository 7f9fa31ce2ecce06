package io.openedge.directory;

import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * WORKDIR/var/run/openedge/services: the directories of the services that one engine has open. Thread rule: any thread,
 * for different services at the same time.
 */
public final class ServiceDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceDirectories.class);

    private final Path services;
    private final NestedLinks links = new NestedLinks();
    private final OwnTree tree = new OwnTree();
    private final Set<String> open = ConcurrentHashMap.newKeySet();

    /** @param workDirectory absolute */
    public ServiceDirectories(Path workDirectory) {
        this.services = workDirectory.resolve("var/run/openedge/services");
    }

    /**
     * Makes the directory of a service and its mounts; what an earlier run left there is removed before.
     *
     * @throws EngineException when it cannot be made; nothing of it is left then
     */
    public ServiceDirectory open(ServiceSpec service, Volumes volumes) throws EngineException {
        String name = service.name();
        List<Mount> mounts = Mount.of(service, volumes);
        if (!open.add(name)) {
            throw new EngineException("service '" + name + "' is open already");
        }
        try {
            return ServiceDirectory.make(services, name, mounts, links, tree, () -> open.remove(name));
        } catch (EngineException | RuntimeException e) {
            open.remove(name);
            throw e;
        }
    }

    /** Removes what a crash left of a service that is not open; what has to stay is said in the log. */
    public void removeLeftover(String service) {
        if (open.contains(service)) {
            return;
        }
        try {
            tree.delete(services.resolve(service));
        } catch (IOException e) {
            LOG.warn("the directory that service {} left behind is not removed: {}", service, e.toString());
        }
    }
}
