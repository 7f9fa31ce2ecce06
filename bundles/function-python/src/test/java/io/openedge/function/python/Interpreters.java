package io.openedge.function.python;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Every Python of this machine that really runs; says which of the versions that count are missing. */
final class Interpreters {
    private static final List<String> VERSIONS =
            List.of("2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13");

    private Interpreters() {}

    static List<Interpreter> all() throws Exception {
        Map<Path, Interpreter> found = new LinkedHashMap<>();
        for (Path place : places()) {
            if (Files.isExecutable(place)) {
                for (Interpreter python : probe(place)) {
                    found.putIfAbsent(python.executable().toRealPath(), python);
                }
            }
        }
        Set<String> missing = new TreeSet<>(VERSIONS);
        found.values().forEach(python -> missing.remove(minor(python)));
        if (!missing.isEmpty()) {
            System.out.println("Python versions that are not tested, because this machine lacks them: " + missing);
        }
        return List.copyOf(found.values());
    }

    private static String minor(Interpreter python) {
        return python.version().substring(0, python.version().lastIndexOf('.'));
    }

    private static List<Interpreter> probe(Path place) throws InterruptedException {
        List<Interpreter> found = new ArrayList<>();
        for (PythonVersion version : PythonVersion.values()) {
            try {
                found.add(Interpreter.find(version, place.toString(), Path.of("/"), Map.of("PATH", ""), List.of()));
            } catch (IOException expected) {
                continue; // the other major version, or none
            }
        }
        // the fixed path of the contract answers for a place that does not run
        found.removeIf(python ->
                !place.toString().equals("/usr/bin/python3") && python.path().equals(Path.of("/usr/bin/python3")));
        return found;
    }

    private static Set<Path> places() throws IOException {
        Set<Path> places = new LinkedHashSet<>();
        places.add(Path.of("/usr/bin/python3"));
        Path pyenv = Path.of(System.getProperty("user.home"), ".pyenv", "versions");
        if (Files.isDirectory(pyenv)) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(pyenv)) {
                versions.forEach(version -> places.add(version.resolve("bin/python")));
            }
        }
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            for (String version : VERSIONS) {
                places.add(Path.of(folder, "python" + version));
            }
        }
        return places;
    }
}
