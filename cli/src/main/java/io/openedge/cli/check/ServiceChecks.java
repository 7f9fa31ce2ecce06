package io.openedge.cli.check;

import io.openedge.app.ConfigException;
import io.openedge.cli.app.ServiceFiles;
import io.openedge.config.ConfigReader;
import io.openedge.config.FileTrouble;
import io.openedge.rest.client.HttpAnswer;
import io.openedge.rest.client.HttpCall;
import io.openedge.rest.client.HttpCaller;
import io.openedge.rest.client.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the services of the application need. Stateless. */
final class ServiceChecks {
    private static final String DOCKER = "unix:///var/run/docker.sock";

    private ServiceChecks() {}

    static void configurations(Subject subject, Report report) {
        for (ServiceFiles service : subject.ours()) {
            Path file = service.configuration();
            String name = "service " + service.service().name() + ": ";
            if (!Files.exists(file)) {
                report.warn(
                        "service.yml", name + file + " is not there", "mount a volume that holds it at etc/openedge");
                continue;
            }
            try {
                ConfigReader.content(file);
                report.ok("service.yml", name + file + " is YAML");
            } catch (ConfigException e) {
                report.fail("service.yml", name + e.getMessage(), "");
            }
        }
    }

    static void engines(Subject subject, Report report) throws IOException, InterruptedException {
        Set<String> installed = installed(subject.home());
        Set<String> needed =
                subject.services().stream().map(ServiceFiles::engine).collect(Collectors.toCollection(TreeSet::new));
        for (String engine : needed) {
            if (!installed.contains(engine)) {
                report.fail(
                        "engines",
                        "engine " + engine + " is not in this installation: " + subject.home(),
                        "its services do not run; there are " + String.join(", ", new TreeSet<>(installed)));
            } else {
                report.ok("engines", "engine " + engine + " is in this installation");
            }
            if (engine.equals("docker")) {
                docker(subject.environment().getOrDefault("DOCKER_HOST", DOCKER), report);
            }
        }
    }

    private static void docker(String address, Report report) throws InterruptedException {
        HttpCall ping = new HttpCall("GET", "/_ping", Map.of(), new byte[0], Duration.ofSeconds(5));
        try (HttpCaller caller = new HttpCaller(ServerAddress.parse(address))) {
            HttpAnswer answer = caller.send(ping).get();
            if (answer.status() == 200) {
                report.ok("docker", "Docker answers at " + address);
            } else {
                report.fail("docker", "Docker answers at " + address + " with status " + answer.status(), "");
            }
        } catch (ExecutionException e) {
            report.fail(
                    "docker",
                    "Docker is needed and not reached: " + e.getCause().getMessage(),
                    "start it, and let user " + FileTrouble.user() + " use it (group docker)");
        } catch (IllegalArgumentException e) {
            report.fail("docker", "DOCKER_HOST: " + e.getMessage(), "");
        }
    }

    /** Programs that are not ours look names up as every program does. */
    static void hosts(Subject subject, Report report) throws IOException {
        List<String> foreign = subject.services().stream()
                .filter(service -> service.engine().equals("native") && !Subject.isOurs(service))
                .map(service -> service.service().name())
                .toList();
        if (foreign.isEmpty()) {
            return;
        }
        Set<String> known = new HashSet<>();
        for (String line : Files.readAllLines(Path.of("/etc/hosts"))) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
            known.addAll(List.of(words).subList(1, words.length));
        }
        String missing = subject.services().stream()
                .map(service -> service.service().name())
                .filter(name -> !known.contains(name))
                .collect(Collectors.joining(" "));
        if (missing.isEmpty()) {
            report.ok("hosts", "/etc/hosts knows every service");
        } else {
            report.warn(
                    "hosts",
                    "the programs of " + String.join(", ", foreign) + " do not find services by name",
                    "if they should, add a line to /etc/hosts: 127.0.0.1 " + missing);
        }
    }

    private static Set<String> installed(Path home) throws IOException {
        Set<String> engines = new HashSet<>();
        try (Stream<Path> lists = Files.list(home.resolve("features"))) {
            for (Path list :
                    (Iterable<Path>) lists.filter(file -> file.toString().endsWith(".list"))::iterator) {
                Files.readAllLines(list).stream()
                        .filter(line -> line.startsWith("engine "))
                        .forEach(line -> engines.add(line.substring(7).strip()));
            }
        }
        return engines;
    }
}
