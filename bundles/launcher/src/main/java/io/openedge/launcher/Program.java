package io.openedge.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * What this process runs: the gateway, or one module alone. Immutable.
 *
 * @param module its image; empty: the gateway
 * @param arguments of the module
 */
record Program(String module, List<String> arguments) {
    static final String MODULE = "openedge.module";
    private static final String GATEWAY = "core";
    private static final String HOST = "module-host";

    Program {
        arguments = List.copyOf(arguments);
    }

    static Program of(Properties properties, String... arguments) {
        return new Program(properties.getProperty(MODULE, ""), List.of(arguments));
    }

    /** Who speaks, for messages. */
    String name() {
        return module.isEmpty() ? "openedge" : module;
    }

    boolean isGateway() {
        return module.isEmpty();
    }

    /** Why it cannot start where another one of it runs. */
    String alreadyRunning(Path cache) {
        return isGateway()
                ? "a gateway is already running in " + cache.resolve("../..").normalize()
                : "the instance " + cache.getFileName() + " is already running in "
                        + Path.of("").toAbsolutePath();
    }

    /**
     * The bundles that it needs: of the core, or of a module's host and of all features that bring the module, with those
     * that these want beside them outside the gateway and that the installation has.
     */
    List<Path> bundles(Path home) throws LaunchException {
        if (isGateway()) {
            return FeatureList.read(home, GATEWAY).bundles(home);
        }
        List<FeatureList> all = FeatureList.all(home);
        List<FeatureList> bring =
                all.stream().filter(list -> list.images().contains(module)).toList();
        if (bring.isEmpty()) {
            throw new LaunchException("no feature of " + home + " brings a module of that name; there are "
                    + all.stream()
                            .flatMap(list -> list.images().stream())
                            .distinct()
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
        List<Path> bundles = new ArrayList<>(FeatureList.read(home, HOST).bundles(home));
        for (FeatureList list : bring) {
            bundles.addAll(list.bundles(home));
            for (String wanted : list.alone()) {
                Optional<FeatureList> there = all.stream()
                        .filter(other -> other.name().equals(wanted))
                        .findFirst();
                if (there.isPresent()) {
                    bundles.addAll(there.get().bundles(home));
                }
            }
        }
        return bundles.stream().distinct().toList();
    }
}
