package io.openedge.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The bundles of a feature, read from the list that the build made. Other lines (image, engine) are the master's. */
record FeatureList(List<Path> bundles) {
    private static final String BUNDLE = "bundle ";

    static FeatureList read(Path home, String feature) throws LaunchException {
        Path list = home.resolve("features").resolve(feature + ".list");
        List<Path> bundles = new ArrayList<>();
        for (String line : lines(list)) {
            if (line.startsWith(BUNDLE)) {
                bundles.add(bundle(home, list, line.substring(BUNDLE.length()).strip()));
            }
        }
        return new FeatureList(bundles.stream().distinct().toList());
    }

    private static Path bundle(Path home, Path list, String name) throws LaunchException {
        Path bundle = home.resolve("bundles").resolve(name);
        if (!Files.isRegularFile(bundle)) {
            throw new LaunchException(list + " names " + name + ", and bundles/ does not have it");
        }
        return bundle;
    }

    private static List<String> lines(Path list) throws LaunchException {
        try {
            return Files.readAllLines(list);
        } catch (IOException e) {
            throw new LaunchException("cannot read the feature list " + list + ": " + e, e);
        }
    }
}
