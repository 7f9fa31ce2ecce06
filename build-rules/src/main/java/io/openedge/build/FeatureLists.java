package io.openedge.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes plain lists of feature files, the folders with the jars that they name: {@code features/NAME.list} with
 * lines {@code bundle FILE}, {@code image IMAGE}, {@code engine NAME} and {@code alone FEATURE}; {@code lib/NAME.classpath} with one jar a
 * line, relative to the installation. Fails with every fault it finds.
 */
public final class FeatureLists {
    private final Path repository;
    private final Path installation;
    private final ModulePackages packages;
    private final List<String> faults = new ArrayList<>();
    /** Where each jar lies in the installation; bundles/ comes first, so that a jar is stored once. */
    private final Map<Artifact, String> places = new TreeMap<>(Comparator.comparing(Artifact::toString));

    private FeatureLists(Path repository, Path scripts, Path installation) {
        this.packages = new ModulePackages(scripts, installation);
        this.repository = repository;
        this.installation = installation;
    }

    /**
     * Arguments: the folder of the feature files, the folder with all jars of the build in Maven's layout, the folder of the
     * scripts that become programs of modules, the folder to make. Throws when something is wrong, which fails the build.
     */
    public static void main(String[] args) throws IOException {
        make(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
    }

    static void make(Path features, Path repository, Path scripts, Path installation) throws IOException {
        new FeatureLists(repository, scripts, installation).make(read(features));
    }

    private static List<Feature> read(Path folder) throws IOException {
        List<Feature> features = new ArrayList<>();
        for (Path file : files(folder, ".json")) {
            features.add(Feature.read(file));
        }
        return features;
    }

    private void make(List<Feature> features) throws IOException {
        delete(installation);
        Files.createDirectories(installation.resolve("bundles"));
        Files.createDirectories(installation.resolve("features"));
        Files.createDirectories(installation.resolve("lib"));
        for (Feature feature : features) {
            for (Artifact bundle : feature.bundles()) {
                place(feature, bundle, "bundles/");
            }
        }
        for (Feature feature : features) {
            for (Artifact jar : feature.classPath()) {
                place(feature, jar, "lib/");
            }
        }
        findDoubles();
        findUnnamed();
        if (!faults.isEmpty()) {
            throw new IllegalStateException("The features do not fit the build:\n  " + String.join("\n  ", faults));
        }
        for (Feature feature : features) {
            write(feature);
            for (String image : feature.images()) {
                packages.make(image);
            }
        }
    }

    private void place(Feature feature, Artifact artifact, String folder) throws IOException {
        Path jar = artifact.in(repository);
        if (!Files.isRegularFile(jar)) {
            faults.add(feature.name() + ": " + artifact + " is not in the build");
        } else if (folder.equals("bundles/") && !Artifact.isBundle(jar)) {
            faults.add(feature.name() + ": " + artifact + " is no OSGi bundle");
        } else if (places.putIfAbsent(artifact, folder + artifact.fileName()) == null) {
            Files.copy(jar, installation.resolve(places.get(artifact)), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void findDoubles() {
        Set<String> seen = new TreeSet<>();
        places.forEach((artifact, place) -> {
            if (!seen.add(place)) {
                faults.add(artifact + ": another artifact has the file name " + place);
            }
        });
    }

    private void findUnnamed() throws IOException {
        Set<Path> named = places.keySet().stream()
                .map(artifact -> artifact.in(repository))
                .collect(Collectors.toSet());
        for (Path jar : files(repository, ".jar")) {
            if (!named.contains(jar)) {
                faults.add(repository.relativize(jar) + " is in the build, and no feature names it");
            }
        }
    }

    private void write(Feature feature) throws IOException {
        if (!feature.classPath().isEmpty()) {
            lines(
                    installation.resolve("lib").resolve(feature.name() + ".classpath"),
                    feature.classPath().stream().map(places::get));
            return;
        }
        Stream<String> head = Stream.of("# Made by the build from features/" + feature.name() + ".json");
        Stream<String> engines = feature.engines().stream().map(name -> "engine " + name);
        Stream<String> images = feature.images().stream().map(image -> "image " + image);
        Stream<String> alone = feature.alone().stream().map(name -> "alone " + name);
        Stream<String> bundles = feature.bundles().stream().map(bundle -> "bundle " + bundle.fileName());
        lines(
                installation.resolve("features").resolve(feature.name() + ".list"),
                Stream.of(head, engines, images, alone, bundles).flatMap(part -> part));
    }

    private static void lines(Path file, Stream<String> lines) throws IOException {
        Files.writeString(file, lines.collect(Collectors.joining("\n", "", "\n")));
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
