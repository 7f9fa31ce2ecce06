package io.openedge.module.host;

import io.openedge.module.ServiceLocator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the services of the application are, as the gateway says it in the environment: words apart at blanks, {@code NAME}
 * for a service that listens on this host, {@code NAME:PORT=HOST:PORT} for a port of one that is reached elsewhere.
 * Immutable; any thread.
 */
final class NamedServices implements ServiceLocator {
    private static final String HERE = "127.0.0.1";
    private static final Pattern ELSEWHERE = Pattern.compile("([^:=]+:\\d{1,5})=(.+):(\\d{1,5})");

    private final Map<String, Location> ports;
    private final Set<String> names;

    private NamedServices(Set<String> names, Map<String, Location> ports) {
        this.names = Set.copyOf(names);
        this.ports = Map.copyOf(ports);
    }

    /** Words that are not understood are passed over: a newer gateway may say more. */
    static NamedServices parse(String text) {
        Set<String> names = new HashSet<>();
        Map<String, Location> ports = new HashMap<>();
        for (String word : text.strip().split("\\s+")) {
            Matcher elsewhere = ELSEWHERE.matcher(word);
            if (elsewhere.matches()) {
                ports.put(elsewhere.group(1), new Location(elsewhere.group(2), Integer.parseInt(elsewhere.group(3))));
            } else if (!word.isEmpty()) {
                names.add(word);
            }
        }
        return new NamedServices(names, ports);
    }

    @Override
    public Optional<Location> locate(String host, int port) {
        Optional<Location> elsewhere = Optional.ofNullable(ports.get(host + ":" + port));
        return elsewhere.isEmpty() && names.contains(host) ? Optional.of(new Location(HERE, port)) : elsewhere;
    }
}
