package io.openedge.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Docker's own command, for what tests prepare and check. There has to be a daemon: nothing is skipped.
 *
 * @param host as in DOCKER_HOST; empty: the default
 */
record Docker(String host) {
    /** Runs what follows as a script of its shell; has a user {@code app} with the numbers 1234 and 2345, and curl. */
    static final String IMAGE = "openedge-test/shell:1";

    /** The same as the image of a module: read-only but for a volume, as the gateway's user. */
    static final String MODULE = "openedge-test/module:1";

    /** Runs until it is told to stop: a first process that does not listen is only killed. */
    static final String RUN = "trap 'exit 0' TERM; while true; do sleep 1000 & wait; done";

    Docker {
        assertThat(Path.of("/usr/bin/busybox")).as("Debian's busybox-static").exists();
    }

    Map<String, String> environment() {
        return host.isEmpty() ? Map.of() : Map.of("DOCKER_HOST", host);
    }

    /** What the command writes; fails when it does. */
    String run(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = attempt(arguments);
        assertThat(outcome.code())
                .as("docker %s: %s", List.of(arguments), outcome.text())
                .isZero();
        return outcome.text();
    }

    Outcome attempt(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return execute(command);
    }

    private Outcome execute(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment());
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Outcome(process.exitValue(), text);
    }

    record Outcome(int code, String text) {}

    /** One value that inspect tells. */
    String inspect(String container, String format) throws IOException, InterruptedException {
        return run("inspect", "--type", "container", "-f", "{{" + format + "}}", container);
    }

    boolean has(String container) throws IOException, InterruptedException {
        return attempt("inspect", "--type", "container", container).code() == 0;
    }

    /** Makes {@link #IMAGE} and {@link #MODULE} of programs of this machine. */
    void makeImage(Path folder) throws IOException, InterruptedException {
        if (attempt("image", "inspect", IMAGE, MODULE).code() == 0) {
            return;
        }
        Path root = tree(folder.resolve("image"));
        Path archive = folder.resolve("image.tar");
        assertThat(execute(List.of("tar", "-C", root.toString(), "-cf", archive.toString(), "."))
                        .code())
                .isZero();
        String entry = "ENTRYPOINT [\"/bin/sh\", \"-c\"]";
        run("import", "--change", entry, archive.toString(), IMAGE);
        String label = "LABEL io.openedge.module=true";
        String volume = "VOLUME /var/db/openedge";
        run("import", "-c", entry, "-c", label, "-c", volume, "-c", "USER app", archive.toString(), MODULE);
    }

    /** The files of the image. */
    Path tree(Path root) throws IOException, InterruptedException {
        for (String folder : List.of("bin", "etc", "usr/bin", "root")) {
            Files.createDirectories(root.resolve(folder));
        }
        for (String folder : List.of("tmp", "var/db/openedge")) {
            Path open = Files.createDirectories(root.resolve(folder));
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Files.copy(Path.of("/usr/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.REPLACE_EXISTING);
        for (String program :
                execute(List.of("/usr/bin/busybox", "--list")).text().split("\\s+")) {
            Path link = root.resolve("bin").resolve(program);
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, Path.of("busybox"));
            }
        }
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\napp:x:1234:2345::/tmp:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\napp:x:2345:\n");
        addWithLibraries("/usr/bin/curl", root);
        return root;
    }

    private void addWithLibraries(String program, Path root) throws IOException, InterruptedException {
        List<String> files = new ArrayList<>(List.of(program));
        for (String word : execute(List.of("ldd", program)).text().split("\\s+")) {
            if (word.startsWith("/")) {
                files.add(word);
            }
        }
        for (String file : files) {
            Path copy = root.resolve(file.substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(file), copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
