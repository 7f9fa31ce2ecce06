package io.openedge.engine.docker;

import io.openedge.engine.Instance;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.ServiceHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/** A service that is open in this engine. Thread rule: any thread. */
final class DockerService implements ServiceHandle {
    private final Blueprint blueprint;
    private final Shared shared;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();

    DockerService(Blueprint blueprint, Shared shared, Runnable whenClosed) {
        this.blueprint = blueprint;
        this.shared = shared;
        this.whenClosed = whenClosed;
    }

    @Override
    public Instance start(InstanceSpec spec) {
        if (closed.get()) {
            throw new IllegalStateException(
                    "the service '" + blueprint.service().name() + "' is closed");
        }
        return ContainerInstance.begin(spec, blueprint, shared);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            whenClosed.run();
        }
    }
}
