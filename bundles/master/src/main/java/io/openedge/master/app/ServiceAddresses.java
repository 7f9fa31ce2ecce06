package io.openedge.master.app;

import io.openedge.app.AppConfig;
import io.openedge.app.ServiceSpec;
import io.openedge.module.ServiceLocator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the services of an application: all of them listen on this host. Immutable; any thread. */
public final class ServiceAddresses implements ServiceLocator {
    private final Set<String> services;

    public ServiceAddresses(AppConfig application) {
        services = application.services().stream().map(ServiceSpec::name).collect(Collectors.toUnmodifiableSet());
    }

    /** The same for a process of this host: words apart at blanks, each the name of a service. */
    public String text() {
        return services.stream().sorted().collect(Collectors.joining(" "));
    }

    @Override
    public Optional<Location> locate(String host, int port) {
        return services.contains(host) ? Optional.of(new Location("127.0.0.1", port)) : Optional.empty();
    }
}
