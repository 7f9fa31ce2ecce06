package io.openedge.engine.osgi;

import io.openedge.app.ServiceSpec;
import io.openedge.directory.ServiceDirectory;
import io.openedge.directory.ServiceUser;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.ServiceHandle;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A service that is open in this engine. Thread rule: any thread. */
final class OsgiService implements ServiceHandle {
    private final ServiceSpec service;
    private final WantedModule wanted;
    private final ServiceDirectory directory;
    private final Optional<ServiceUser> user;
    private final Shared shared;
    private final AtomicBoolean closed = new AtomicBoolean();

    OsgiService(
            ServiceSpec service,
            WantedModule wanted,
            ServiceDirectory directory,
            Optional<ServiceUser> user,
            Shared shared) {
        this.service = service;
        this.wanted = wanted;
        this.directory = directory;
        this.user = user;
        this.shared = shared;
    }

    @Override
    public Instance start(InstanceSpec spec) {
        if (closed.get()) {
            throw new IllegalStateException("the service '" + service.name() + "' is closed");
        }
        return new OsgiInstance(withAddress(spec), wanted, new Place(directory.path(), user), shared).begin();
    }

    /** An instance on demand is told where it is reached, as under every engine. */
    private static InstanceSpec withAddress(InstanceSpec spec) {
        return spec.wantsAddress() ? spec.at(Endpoints.SCHEME + spec.name()) : spec;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            shared.packages().close(service.name());
            directory.close();
        }
    }
}
