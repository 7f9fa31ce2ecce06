package io.openedge.module;

import java.util.Optional;
import java.util.Set;

/**
 * Knows where the services of the application are, so that {@code tcp://localhub:1883} means the service
 * {@code localhub} whatever DNS says. Thread rule: any thread.
 */
@FunctionalInterface
public interface ServiceLocator {
    /**
     * @param host a host name of a configuration
     * @param port as the service itself listens on
     * @return where to connect, when the host is the name of a service; else empty
     */
    Optional<Location> locate(String host, int port);

    /** The services that listen on this host itself: those that run in no container. */
    default Set<String> onHost() {
        return Set.of();
    }

    /**
     * Where to connect.
     *
     * @param host a host name or an address
     * @param port as seen by the caller
     */
    record Location(String host, int port) {}
}
