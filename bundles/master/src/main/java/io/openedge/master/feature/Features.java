package io.openedge.master.feature;

import io.openedge.app.AppConfig;
import io.openedge.app.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The features of an installation, and which of them an application needs. Immutable; any thread. */
public final class Features {
    private static final String IN_FRAMEWORK = "osgi";
    /** The feature that every gateway loads, when the installation has it. */
    private static final String ALWAYS = "shell";

    private final Map<String, FeatureList> byName;

    private Features(Map<String, FeatureList> byName) {
        this.byName = byName;
    }

    /**
     * Reads all lists of an installation.
     *
     * @param folder features/; without it there are none
     */
    public static Features read(Path folder) throws FeatureException {
        Map<String, FeatureList> byName = new LinkedHashMap<>();
        if (Files.isDirectory(folder)) {
            for (Path file : lists(folder)) {
                FeatureList list = FeatureList.read(file);
                byName.put(list.name(), list);
            }
        }
        return new Features(byName);
    }

    /** Whether some feature brings the engine. */
    public boolean bringEngine(String engine) {
        return byName.values().stream().anyMatch(list -> list.engines().contains(engine));
    }

    /** The modules that some feature brings. */
    public Set<String> images() {
        return byName.values().stream().flatMap(list -> list.images().stream()).collect(Collectors.toSet());
    }

    /** The feature of that name. */
    public Optional<FeatureList> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * What an application needs: the engines of mode and services, and the images of what runs in this framework; last the
     * shell, whose bundles may use what the others bring. An image that no feature brings is none of ours: a package, or a bundle that comes by itself.
     */
    public Set<FeatureList> needed(String mode, AppConfig application) {
        Set<FeatureList> needed = new LinkedHashSet<>();
        addWhere(needed, list -> list.engines().contains(mode));
        for (ServiceSpec service : application.services()) {
            String engine = service.engineIn(mode);
            addWhere(needed, list -> list.engines().contains(engine));
            if (engine.equals(IN_FRAMEWORK)) {
                addWhere(needed, list -> list.images().contains(service.module()));
            }
        }
        named(ALWAYS).ifPresent(needed::add);
        return needed;
    }

    private void addWhere(Set<FeatureList> needed, Predicate<FeatureList> wanted) {
        byName.values().stream().filter(wanted).forEach(needed::add);
    }

    private static List<Path> lists(Path folder) throws FeatureException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(FeatureList::isList).sorted().toList();
        } catch (IOException e) {
            throw new FeatureException(folder + ": cannot be read: " + e, e);
        }
    }
}
