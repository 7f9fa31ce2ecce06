package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.rules.ExternalResource;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/**
 * A gateway of the unpacked distribution as an operator has it, driven by its command, with a work directory of its
 * own. Stopped and removed when the test ends; a test that fails prints the end of the logs.
 */
final class Gateway implements TestRule {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path source;
    private Path folder;
    private Path work;
    private int port;

    private Gateway(Path source) {
        this.source = source;
    }

    /** With the work directory of the example. */
    static Gateway ofExample() {
        return ofExample("osgi");
    }

    /** With the work directory of the example of a mode. */
    static Gateway ofExample(String mode) {
        return new Gateway(Distribution.project().resolve("example").resolve(mode));
    }

    /** With a copy of that work directory. */
    static Gateway of(Path work) {
        return new Gateway(work);
    }

    /** With the work directory of an old gateway; a test sets mode, address and pid file. */
    static Gateway ofOld(String name) {
        return new Gateway(Distribution.project().resolve("integration-tests/src/test/resources/compat/" + name));
    }

    @Override
    public Statement apply(Statement test, Description description) {
        Rule rule = new Rule();
        Statement reported = new Statement() {
            @Override
            public void evaluate() throws Throwable {
                try {
                    test.evaluate();
                } catch (Throwable failure) {
                    System.err.println("--- the gateway's logs in " + description + "\n" + logs());
                    throw failure;
                }
            }
        };
        return rule.apply(reported, description);
    }

    private final class Rule extends ExternalResource {
        @Override
        protected void before() throws IOException {
            folder = Files.createTempDirectory(Path.of("/tmp"), "gateway"); // sockets need a short path
            work = folder.resolve("work");
            copy(source, work);
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            try (Stream<Path> files = Files.walk(work.resolve("var/db/openedge"))) {
                files.filter(file -> file.toString().endsWith(".yml"))
                        .forEach(file -> edit(file, text -> text.replace("1883", String.valueOf(port))));
            }
        }

        @Override
        protected void after() {
            try {
                command("stop", "-w", work.toString());
                pid().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
                remove(folder);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    Path work() {
        return work;
    }

    /** The port of the hub. */
    int port() {
        return port;
    }

    /** A file in the folder of volumes. */
    Path db(String path) {
        return work.resolve("var/db/openedge").resolve(path);
    }

    /** Changes a file of the work directory. */
    void edit(Path file, UnaryOperator<String> change) {
        try {
            Files.writeString(file, change.apply(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the command of the distribution. */
    Outcome command(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Distribution.home().resolve("bin/openedge").toString());
        line.addAll(List.of(words));
        return Outcome.of(new ProcessBuilder(line), folder);
    }

    Outcome start() throws IOException, InterruptedException {
        return command("start", "-w", work.toString());
    }

    Outcome stop() throws IOException, InterruptedException {
        return command("stop", "-w", work.toString());
    }

    /** Calls the API as the operator. */
    Outcome call(String method, String path, String body) throws IOException, InterruptedException {
        return Outcome.of(
                new ProcessBuilder(
                        "curl",
                        "-sS",
                        "--fail-with-body",
                        "-X",
                        method,
                        "-d",
                        body,
                        "--unix-socket",
                        work.resolve("var/run/openedge/operator.sock").toString(),
                        "http://localhost" + path),
                folder);
    }

    JsonNode inspect() throws IOException, InterruptedException {
        return JSON.readTree(
                command("status", "--json", "-w", work.toString()).expect(0).out());
    }

    /** The instance as inspect shows it. */
    Optional<JsonNode> instance(String name) throws IOException, InterruptedException {
        for (JsonNode service : inspect().path("services")) {
            for (JsonNode instance : service.path("instances")) {
                if (instance.path("name").asText().equals(name)) {
                    return Optional.of(instance);
                }
            }
        }
        return Optional.empty();
    }

    void awaitState(String instance, String state) {
        await(instance + " is " + state)
                .atMost(LIMIT)
                .until(() -> instance(instance)
                        .filter(found -> found.path("status").asText().equals(state))
                        .isPresent());
    }

    /** The process that the pid file names. */
    Optional<Long> pid() throws IOException {
        Path file = work.resolve("var/run/openedge/openedge.pid");
        return Files.exists(file)
                ? Optional.of(Long.valueOf(Files.readString(file).strip()))
                : Optional.empty();
    }

    void kill9() throws IOException {
        ProcessHandle process = ProcessHandle.of(pid().orElseThrow()).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
        await("the gateway is dead").atMost(LIMIT).until(() -> !process.isAlive());
    }

    /** All log files of gateway and modules. */
    String logs() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.filter(f -> f.toString().matches(".*\\.(log|out)"))
                    .sorted()
                    .toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                if (text.indexOf(0) < 0) { // a store may have logs of another kind
                    all.append("==> ").append(file).append('\n').append(text);
                }
            }
        }
        return all.toString();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
