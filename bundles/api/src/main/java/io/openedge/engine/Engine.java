package io.openedge.engine;

import io.openedge.app.ServiceSpec;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
     * Whether services could be prepared and opened: images that can be had, packages that are whole, modules that are
     * offered. Gets and changes nothing.
     *
     * @param volumes at least those that the services mount, as they will be; one that is not there yet is an empty folder
     * @param brought modules that features of the installation bring, whether they are loaded or not
     * @return what is wrong, by service name; by default nothing is known before
     * @throws InterruptedException when the caller gave up
     */
    default Map<String, EngineException> check(Collection<ServiceSpec> services, Volumes volumes, Set<String> brought)
            throws InterruptedException {
        return Map.of();
    }

    /**
     * Gets what services need before anything is stopped: images, packages. Touches nothing that runs, and does nothing
     * when all is there. Reacts to an interrupt.
     *
     * @param volumes at least those that the services mount
     * @return what failed, by service name; empty when all is there
     * @throws InterruptedException when the caller gave up
     */
    Map<String, EngineException> prepare(Collection<ServiceSpec> services, Volumes volumes, Progress progress)
            throws InterruptedException;

    /**
     * Makes the directory of a service and its mounts.
     *
     * @throws EngineException when the service cannot run here; the message is for the operator
     */
    ServiceHandle open(ServiceSpec service, Volumes volumes) throws EngineException;

    /**
     * What is open now counts: after a commit, after a roll back, and after a start of the gateway. The engine may throw
     * away what it keeps of services but for what is open now and what was open when this was called before, and all that
     * it keeps of services of other names.
     *
     * @param services the names in the running and in the previous application
     */
    default void retain(Set<String> services) {}

    /** Where instances of this engine reach what runs on this host; empty: nowhere, or it is not known yet. Answers at once. */
    default Optional<String> hostAddress() {
        return Optional.of("127.0.0.1");
    }

    /** After a crash: stops what is surely ours of the instances recorded then, and touches nothing else. */
    void reclaim(Collection<InstanceRecord> leftovers);
}
