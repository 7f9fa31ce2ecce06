package io.openedge.cli.check;

import io.openedge.app.ConfigException;
import io.openedge.cli.app.ServiceFiles;
import io.openedge.config.ConfigReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The interpreters that the application's function runtimes are going to find, in the order of contracts.md section 9. */
final class PythonChecks {
    private static final Map<String, List<String>> CANDIDATES = Map.of(
            "openedge-function-python27",
            List.of("python2.7", "python2"),
            "openedge-function-python36",
            List.of("python3.6", "python3", "/usr/bin/python3"));
    private static final String FITS =
            "import sys; v = sys.version_info; print('%d.%d.%d' % v[:3]); sys.exit(not (v[:2] == (2, 7) if %d == 2 else v[:2] >= (3, 6)))";
    private static final String SERVES = "import grpc";
    private static final int LIMIT_SECONDS = 20;

    /** An interpreter that runs. */
    private record Found(Path place, String version) {}

    private PythonChecks() {}

    static void interpreters(Subject subject, Report report) throws InterruptedException {
        for (ServiceFiles service : subject.services()) {
            List<String> candidates = CANDIDATES.get(service.service().module());
            if (candidates == null || service.engine().equals("docker")) {
                continue;
            }
            List<String> all = new ArrayList<>();
            configured(service).ifPresent(all::add);
            all.addAll(candidates);
            String path = service.service()
                    .env()
                    .getOrDefault("PATH", subject.environment().getOrDefault("PATH", ""));
            int major = service.service().module().endsWith("27") ? 2 : 3;
            String name = "service " + service.service().name() + ": ";
            Optional<Found> found = first(all, path, service, major);
            if (found.isPresent()) {
                String text =
                        name + found.get().place() + " is Python " + found.get().version();
                alone(service, found.get(), path, text, report);
            } else {
                report.fail(
                        "python",
                        name + "no Python for " + service.service().module() + " runs here; tried "
                                + String.join(", ", all),
                        "install one, or name it by python: in " + service.configuration());
            }
        }
    }

    /** As a process of its own a runtime serves gRPC: in Python where that can, else in a Java beside it. */
    private static void alone(ServiceFiles service, Found found, String path, String text, Report report)
            throws InterruptedException {
        if (!service.engine().equals("native")) {
            report.ok("python", text);
        } else if (run(found.place(), SERVES, path).isPresent()) {
            report.ok("python", text + " with grpcio: it serves functions itself");
        } else {
            report.warn(
                    "python",
                    text + " without grpcio: each instance needs a Java process beside its Python",
                    "install it (Debian: python3-grpcio, for /usr/bin/python3, which python: in "
                            + service.configuration() + " may name), or let the service have engine: osgi");
        }
    }

    private static Optional<String> configured(ServiceFiles service) {
        try {
            return Optional.ofNullable(
                            ConfigReader.content(service.configuration()).get("python"))
                    .map(String::valueOf)
                    .filter(text -> !text.isEmpty());
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    private static Optional<Found> first(List<String> candidates, String path, ServiceFiles service, int major)
            throws InterruptedException {
        for (String candidate : candidates) {
            for (Path place : places(candidate, path, service)) {
                Optional<String> version = run(place, FITS.replace("if %d", "if " + major), path);
                if (version.isPresent()) {
                    return Optional.of(new Found(place, version.get()));
                }
            }
        }
        return Optional.empty();
    }

    private static List<Path> places(String candidate, String path, ServiceFiles service) {
        List<Path> places = new ArrayList<>();
        if (candidate.contains("/")) {
            places.add(service.host(candidate));
        } else {
            for (String folder : path.split(":")) {
                places.add(Path.of(folder).resolve(candidate));
            }
        }
        places.removeIf(place -> !Files.isRegularFile(place));
        return places;
    }

    /** What a program of one line says, when it really runs: shims of version managers may lie on the path and fail. */
    private static Optional<String> run(Path place, String program, String path) throws InterruptedException {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(place.toString(), "-c", program).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("PATH", path);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String said = new String(process.getInputStream().readNBytes(8192), StandardCharsets.UTF_8).strip();
            return process.exitValue() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
