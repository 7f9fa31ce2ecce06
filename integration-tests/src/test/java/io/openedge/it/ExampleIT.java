package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The examples run as the README prints them: as this user, as an ordinary one, and twice at the same time. */
public class ExampleIT {
    private static final String NOBODY = "65534";

    @Rule
    public final TemporaryFolder scratch =
            TemporaryFolder.builder().parentFolder(new java.io.File("/tmp")).build();

    private Path checkout;

    /** A copy that everybody may read, since a checkout may lie in a folder that is closed to others. */
    @Before
    public void aCheckoutWithTheDistributionBuilt() throws IOException {
        Files.setPosixFilePermissions(scratch.getRoot().toPath(), PosixFilePermissions.fromString("rwxr-xr-x"));
        checkout = scratch.newFolder("checkout").toPath();
        copy(Distribution.project().resolve("example"), checkout.resolve("example"));
        Path target = Files.createDirectories(checkout.resolve("distribution/target"));
        Files.copy(Distribution.zip(), target.resolve(Distribution.zip().getFileName()));
    }

    @After
    public void nothingIsLeft() {
        assertThat(scratch.getRoot().toPath().resolve("tmp")).isEmptyDirectory();
    }

    @Test
    public void twiceAtTheSameTime() throws Exception {
        Path temporary = temporary();
        CompletableFuture<Outcome> other = CompletableFuture.supplyAsync(() -> run(temporary, List.of()));
        Outcome one = run(temporary, List.of());

        showsTheWholeWay(one);
        showsTheWholeWay(other.join());
    }

    @Test
    public void withAProcessForEachModule() throws Exception {
        showsTheWholeWay(run(temporary(), List.of(), "native"));
    }

    @Test
    public void withACloudThatUpdatesIt() throws Exception {
        showsTheUpdates(script("example/cloud/run.sh", temporary(), List.of()));
    }

    @Test
    public void withACloudAndAnAgentInAProcessOfItsOwn() throws Exception {
        showsTheUpdates(script("example/cloud/run.sh", temporary(), List.of(), "native"));
    }

    private static void showsTheUpdates(Outcome run) {
        assertThat(run.expect(0).out())
                .containsSubsequence(
                        "runs v1, hello is -, error: -",
                        "cloud: wants v2",
                        "runs v2, hello is 1.0.0, error: -",
                        "cloud: wants v3",
                        "runs v3, hello is 2.0.0, error: -",
                        "second           second               running",
                        "cloud: wants v4")
                .containsPattern("runs v3, hello is .*, error: version v4: .*no sensor on bus 3");
    }

    @Test
    public void asAnOrdinaryUserWritingNothingElsewhere() throws Exception {
        Path temporary = temporary();
        Path marker = Files.createFile(scratch.getRoot().toPath().resolve("marker"));
        boolean root = System.getProperty("user.name").equals("root");
        List<String> user =
                root ? List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups") : List.of();

        showsTheWholeWay(run(temporary, user));

        if (root) {
            Outcome written = Outcome.of(
                    new ProcessBuilder(
                            "find",
                            "/tmp",
                            "/var",
                            "/run",
                            "/dev/shm",
                            "-xdev",
                            "-uid",
                            NOBODY,
                            "-newer",
                            marker.toString(),
                            "-not",
                            "-path",
                            temporary + "*"),
                    scratch.getRoot().toPath());
            assertThat(written.out()).isEmpty();
        }
    }

    @Test
    public void onTheNextJavaToo() throws Exception {
        Optional<Path> java = newerJava();
        if (java.isEmpty()) {
            System.out.println("Java 25: not on this machine, not tested");
        }
        assumeTrue(java.isPresent());
        showsTheWholeWay(run(temporary(), List.of("env", "JAVA_HOME=" + java.get())));
    }

    private static Optional<Path> newerJava() throws IOException {
        Path all = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(all)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(all)) {
            return folders.filter(folder -> folder.getFileName().toString().contains("25")
                            && Files.isExecutable(folder.resolve("bin/java")))
                    .findFirst();
        }
    }

    private Path temporary() throws IOException {
        Path temporary = scratch.newFolder("tmp").toPath();
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
        return temporary;
    }

    private Outcome run(Path temporary, List<String> user, String... mode) {
        return script("example/run.sh", temporary, user, mode);
    }

    private Outcome script(String name, Path temporary, List<String> user, String... mode) {
        List<String> line = new ArrayList<>(user);
        line.addAll(List.of("bash", checkout.resolve(name).toString()));
        line.addAll(List.of(mode));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().put("HOME", temporary.toString());
        try {
            return Outcome.of(builder, scratch.getRoot().toPath());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void showsTheWholeWay(Outcome run) {
        assertThat(run.expect(0).out())
                .contains("t/topic {\"id\":1}")
                .containsPattern("t/py2hi \\{.*(python27-sayhi|errorMessage)")
                .containsPattern("t/py3hi \\{.*python36-sayhi")
                .contains("localhub")
                .contains("running");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
