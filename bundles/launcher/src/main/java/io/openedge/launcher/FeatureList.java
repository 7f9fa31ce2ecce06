package io.openedge.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A feature, read from the list that the build made. What other lines say is the master's.
 *
 * @param name of the feature
 * @param files names of its bundles, in their order
 * @param images modules that it brings
 * @param alone features that its modules need beside it in a process of their own
 */
record FeatureList(String name, List<String> files, List<String> images, List<String> alone) {
    private static final String END = ".list";

    static FeatureList read(Path home, String feature) throws LaunchException {
        return read(folder(home).resolve(feature + END));
    }

    /** All features of an installation, by name. */
    static List<FeatureList> all(Path home) throws LaunchException {
        List<FeatureList> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder(home))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(END)).sorted().toList()) {
                all.add(read(file));
            }
        } catch (IOException e) {
            throw new LaunchException("cannot read the features of " + home + ": " + e, e);
        }
        return all;
    }

    /** The jars, in their order. */
    List<Path> bundles(Path home) throws LaunchException {
        List<Path> bundles = new ArrayList<>();
        for (String file : files) {
            Path bundle = home.resolve("bundles").resolve(file);
            if (!Files.isRegularFile(bundle)) {
                throw new LaunchException(
                        folder(home).resolve(name + END) + " names " + file + ", and bundles/ does not have it");
            }
            bundles.add(bundle);
        }
        return bundles.stream().distinct().toList();
    }

    private static FeatureList read(Path file) throws LaunchException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new LaunchException("cannot read the feature list " + file + ": " + e, e);
        }
        String name = String.valueOf(file.getFileName());
        return new FeatureList(
                name.substring(0, name.length() - END.length()),
                after("bundle ", lines),
                after("image ", lines),
                after("alone ", lines));
    }

    private static List<String> after(String word, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(word))
                .map(line -> line.substring(word.length()).strip())
                .toList();
    }

    private static Path folder(Path home) {
        return home.resolve("features");
    }
}
