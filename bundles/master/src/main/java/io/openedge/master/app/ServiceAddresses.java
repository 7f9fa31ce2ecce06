package io.openedge.master.app;

import io.openedge.app.ServiceSpec;
import io.openedge.config.PublishedPort;
import io.openedge.master.supervise.Served;
import io.openedge.module.ServiceLocator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds the services that run now, as seen from this host: a container at the port that it publishes, any other where it
 * listens. A service of this framework that an update does not touch finds those that it brought. Any thread.
 */
public final class ServiceAddresses implements ServiceLocator {
    private static final String CONTAINERS = "docker";
    private static final String HERE = "127.0.0.1";

    private final Supplier<List<Served>> services;

    /** @param services those that run now */
    public ServiceAddresses(Supplier<List<Served>> services) {
        this.services = services;
    }

    /**
     * The same for a process of this host: words apart at blanks, each the name of a service, or {@code NAME:PORT=HOST:PORT}
     * for a port that a container publishes as another one.
     */
    public String text() {
        return services.get().stream().flatMap(ServiceAddresses::words).sorted().collect(Collectors.joining(" "));
    }

    private static Stream<String> words(Served served) {
        String name = served.service().name();
        Stream<String> ports = isContainer(served)
                ? ports(served.service())
                        .map(port -> name + ":" + port.inside() + "="
                                + port.place().host() + ":" + port.place().port())
                : Stream.empty();
        return Stream.concat(Stream.of(name), ports);
    }

    @Override
    public Optional<Location> locate(String host, int port) {
        return services.get().stream()
                .filter(served -> served.service().name().equals(host))
                .findFirst()
                .map(served -> isContainer(served) ? published(served.service(), port) : new Location(HERE, port));
    }

    @Override
    public Set<String> onHost() {
        return services.get().stream()
                .filter(served -> !isContainer(served))
                .map(served -> served.service().name())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isContainer(Served served) {
        return served.engine().equals(CONTAINERS);
    }

    private static Location published(ServiceSpec service, int port) {
        return ports(service)
                .filter(one -> one.inside() == port)
                .map(Port::place)
                .findFirst()
                .orElseGet(() -> new Location(HERE, port));
    }

    /** One port of a container. */
    private record Port(int inside, Location place) {}

    /** Those whose place is known beforehand. */
    private static Stream<Port> ports(ServiceSpec service) {
        return service.ports().stream()
                .map(PublishedPort::parse)
                .filter(entry -> entry.protocol().equals("tcp")
                        && !entry.host().equals(PublishedPort.Range.ANY)
                        && entry.host().size() == entry.container().size())
                .flatMap(ServiceAddresses::each);
    }

    private static Stream<Port> each(PublishedPort entry) {
        boolean all = Set.of("", "0.0.0.0", "::").contains(entry.address());
        String host = all ? HERE : entry.address();
        return IntStream.range(0, entry.container().size())
                .mapToObj(n -> new Port(
                        entry.container().first() + n,
                        new Location(host, entry.host().first() + n)));
    }
}
