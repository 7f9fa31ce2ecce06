package io.openedge.it;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Reads headers of bundle manifests. */
final class Manifests {
    private Manifests() {}

    /** The package names of a header. */
    static Set<String> packages(String header) {
        return header == null
                ? Set.of()
                : clauses(header).map(clause -> clause.split(";")[0].strip()).collect(toSet());
    }

    /** What the jar of a class exports, as clauses {@code PACKAGE;version="V"}. */
    static List<String> exports(Class<?> type) throws IOException {
        Path jar =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
        try (JarFile file = new JarFile(jar.toFile())) {
            return clauses(file.getManifest().getMainAttributes().getValue("Export-Package"))
                    .map(clause -> clause.replaceAll(";uses:=\"[^\"]*\"", ""))
                    .toList();
        }
    }

    /** Clauses are apart at commas outside quotes. */
    private static Stream<String> clauses(String header) {
        return Stream.of(header.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"));
    }
}
