package io.openedge.engine;

import io.openedge.app.ServiceSpec;
import java.util.Collection;
import java.util.Map;

/**
 * Runs instances in one particular way: in this framework, as processes, as containers. Knows nothing of restarts or
 * updates and never calls the master. Registered as a service with the property {@link #NAME}.
 *
 * <p>Thread rule: all methods may be called from any thread, for different services at the same time.
 */
public interface Engine {
    /** Service property: the engine's name as {@code mode:} and {@code engine:} say it. */
    String NAME = "engine.name";

    /**
     * Gets what services need before anything is stopped: images, packages. Reacts to an interrupt.
     *
     * @return what failed, by service name; empty when all is there
     * @throws InterruptedException when the caller gave up
     */
    Map<String, EngineException> prepare(Collection<ServiceSpec> services, Progress progress)
            throws InterruptedException;

    /**
     * Makes the directory of a service and its mounts.
     *
     * @throws EngineException when the service cannot run here; the message is for the operator
     */
    ServiceHandle open(ServiceSpec service, Volumes volumes) throws EngineException;

    /** After a crash: stops what is surely ours of the instances recorded then, and touches nothing else. */
    void reclaim(Collection<InstanceRecord> leftovers);
}
