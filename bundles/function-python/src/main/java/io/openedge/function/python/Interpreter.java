package io.openedge.function.python;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An interpreter that has been seen to run.
 *
 * @param path what to start; may be a script that sets something up
 * @param version for example 3.11.2
 * @param executable what it says it is
 */
record Interpreter(Path path, String version, Path executable) {
    private static final String PROBE =
            "import sys; print('openedge %d.%d.%d %s' % (sys.version_info[:3] + (sys.executable,)))";
    private static final Pattern ANSWER = Pattern.compile("openedge ((\\d+)\\.(\\d+)\\.\\d+) ?(.*)");
    private static final int LIMIT_SECONDS = 20;

    /**
     * Runs the candidates until one answers as a Python of the right version.
     *
     * @param configured tried first; empty: none
     * @param directory where relative paths are taken and the candidates run
     * @param environment of the worker; its PATH is searched
     * @param launcher what comes before a program's own words, when another user is to run it
     * @throws IOException when none runs: names all that were tried, and why not
     */
    static Interpreter find(
            PythonVersion version,
            String configured,
            Path directory,
            Map<String, String> environment,
            List<String> launcher)
            throws IOException, InterruptedException {
        List<String> tried = new ArrayList<>();
        for (String candidate : version.candidates(configured)) {
            Set<Path> places = places(candidate, directory, environment.getOrDefault("PATH", ""));
            if (places.isEmpty()) {
                tried.add(candidate + " (not found)");
            }
            for (Path place : places) {
                try {
                    return probe(version, place, directory, environment, launcher);
                } catch (IOException e) {
                    tried.add(place + " (" + e.getMessage() + ")");
                }
            }
        }
        throw new IOException("no Python for " + version.image() + " runs here; tried: " + String.join(", ", tried));
    }

    private static Set<Path> places(String candidate, Path directory, String searchPath) {
        Set<Path> places = new LinkedHashSet<>();
        if (candidate.contains("/")) {
            places.add(directory.resolve(candidate));
        } else {
            for (String folder : searchPath.split(File.pathSeparator)) {
                places.add(directory.resolve(folder).resolve(candidate));
            }
        }
        places.removeIf(place -> !Files.isRegularFile(place));
        return places;
    }

    private static Interpreter probe(
            PythonVersion version, Path place, Path directory, Map<String, String> environment, List<String> launcher)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(place.toString(), "-c", PROBE));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("no answer in " + LIMIT_SECONDS + " s");
            }
            String said = new String(process.getInputStream().readNBytes(8192), StandardCharsets.UTF_8).strip();
            return read(version, place, process.exitValue(), said);
        } finally {
            ProcessTree.kill(process);
        }
    }

    private static Interpreter read(PythonVersion version, Path place, int code, String said) throws IOException {
        Matcher answer = ANSWER.matcher(said);
        if (code != 0 || !answer.matches()) {
            throw new IOException("exit code " + code
                    + (said.isEmpty() ? "" : ": " + said.lines().findFirst().get()));
        }
        if (!version.accepts(Integer.parseInt(answer.group(2)), Integer.parseInt(answer.group(3)))) {
            throw new IOException("is Python " + answer.group(1));
        }
        return new Interpreter(place, answer.group(1), Path.of(answer.group(4)));
    }
}
