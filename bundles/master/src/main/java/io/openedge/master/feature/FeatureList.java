package io.openedge.master.feature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One list of the installation: what belongs together. Immutable.
 *
 * @param name of the feature
 * @param bundles file names in bundles/, in the order of their installation
 * @param images modules that it brings
 * @param engines that it brings
 */
public record FeatureList(String name, List<String> bundles, Set<String> images, Set<String> engines) {
    private static final String END = ".list";

    public FeatureList {
        bundles = List.copyOf(bundles);
        images = Set.copyOf(images);
        engines = Set.copyOf(engines);
    }

    /** Reads NAME.list; throws when a line is none of a list. */
    static FeatureList read(Path file) throws FeatureException {
        List<String> bundles = new ArrayList<>();
        Set<String> images = new HashSet<>();
        Set<String> engines = new HashSet<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            String[] words = text.split("\\s+");
            String place = file + ":" + number + ": ";
            if (words.length != 2) {
                throw new FeatureException(place + "'" + text + "' should be a word and a name");
            }
            switch (words[0]) {
                case "bundle" -> bundles.add(words[1]);
                case "image" -> images.add(words[1]);
                case "engine" -> engines.add(words[1]);
                case "alone" -> {} // for the processes of modules
                default ->
                    throw new FeatureException(
                            place + "'" + words[0] + "' is not known; allowed: bundle, image, engine, alone");
            }
        }
        String fileName = String.valueOf(file.getFileName());
        return new FeatureList(fileName.substring(0, fileName.length() - END.length()), bundles, images, engines);
    }

    static boolean isList(Path file) {
        return file.toString().endsWith(END);
    }

    private static List<String> lines(Path file) throws FeatureException {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new FeatureException(file + ": cannot be read: " + e, e);
        }
    }
}
