package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A module as a process of its own, without a gateway: the command, and the packages of the distribution. */
public class ModuleIT {
    private static final List<String> NOBODY =
            List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups");

    @Rule
    public final TemporaryFolder scratch =
            TemporaryFolder.builder().parentFolder(new File("/tmp")).build();

    private final List<Process> processes = new ArrayList<>();
    private Path folder;
    private Path out;
    private Path err;
    private int port;

    @Before
    public void aFolderOfAHub() throws IOException {
        folder = scratch.newFolder("it's a hub").toPath();
        out = scratch.newFile("out").toPath();
        err = scratch.newFile("err").toPath();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.createDirectories(folder.resolve("etc/openedge"));
        configure("etc/openedge/service.yml");
    }

    @After
    public void nothingRuns() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    public void thePackageOfTheHubServesAndEndsWithASignal() throws Exception {
        Process hub = start(Map.of("OPENEDGE_SERVICE_INSTANCE_NAME", "localhub.i1"), program("openedge-hub"));

        awaitHub();
        assertThat(hub.descendants()).as("it is one process").isEmpty();
        assertThat(Files.readString(Path.of("/proc/" + hub.pid() + "/cmdline"))).startsWith("localhub.i1\0");
        hub.destroy();

        assertThat(hub.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(hub.exitValue()).isZero();
        assertThat(Files.readString(err)).isEmpty();
        assertThat(Files.readString(out))
                .contains("service.openedge-hub.localhub.i1", "goes nowhere: this module runs without a gateway")
                .containsOnlyOnce("goes nowhere");
        try (Stream<Path> written = Files.list(folder)) {
            assertThat(written)
                    .extracting(Path::getFileName)
                    .extracting(Path::toString)
                    .containsOnly("etc", "var");
        }
    }

    @Test
    public void argumentsAreTheModules() throws Exception {
        Files.delete(folder.resolve("etc/openedge/service.yml"));
        configure("an 'other' file.yml");
        start(Map.of(), List.of(openedge(), "module", "hub.example.com/openedge-hub:1", "-c", "an 'other' file.yml"));

        awaitHub();
    }

    @Test
    public void whatFailsSaysWhyLastOnStandardError() throws Exception {
        Path file = folder.resolve("etc/openedge/service.yml");
        Files.writeString(file, "listen: [smtp://x]\n");
        Process hub = start(Map.of(), program("openedge-hub"));

        assertThat(hub.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(hub.exitValue()).isOne();
        assertThat(Files.readAllLines(err).get(0)).startsWith("openedge-hub: " + file + ":1: listen[0]");
    }

    @Test
    public void aPortThatIsTakenIsTheModulesFailure() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            Process hub = start(Map.of(), program("openedge-hub"));

            assertThat(hub.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(hub.exitValue()).isOne();
            assertThat(Files.readString(err)).startsWith("openedge-hub: ").contains("already in use");
        }
    }

    @Test
    public void aModuleThatIsNotThereIsNamed() throws Exception {
        Process none = start(Map.of(), List.of(openedge(), "module", "openedge-gub"));

        assertThat(none.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(none.exitValue()).isOne();
        assertThat(Files.readString(err))
                .contains("openedge-gub: no feature of ", "openedge-hub, openedge-remote-mqtt, openedge-timer");
    }

    @Test
    public void whereItMayNotWriteItWritesBelowTheTemporaryFolder() throws Exception {
        assumeTrue(
                "only root becomes another user",
                System.getProperty("user.name").equals("root"));
        Path data = Files.createDirectories(folder.resolve("var/db/openedge/data"));
        run("chmod", "-R", "a+rX", scratch.getRoot().toString());
        run("chmod", "777", data.toString());
        Path home = scratch.getRoot().toPath().resolve("home");
        run("cp", "-R", Distribution.home().toString(), home.toString());
        run("chmod", "-R", "a+rX", home.toString());
        Path temporary = scratch.newFolder("tmp").toPath();
        run("chmod", "777", temporary.toString());
        List<String> line = new ArrayList<>(NOBODY);
        line.addAll(List.of(home.resolve("bin/openedge").toString(), "module", "openedge-hub"));
        start(Map.of("TMPDIR", temporary.toString()), line);

        awaitHub();
        assertThat(temporary.resolve("openedge-module-65534")).isDirectory();
        assertThat(folder.resolve("var/cache")).doesNotExist();
    }

    private void awaitHub() {
        await("the hub answers").atMost(Duration.ofSeconds(60)).until(() -> HubClient.reachable(port));
    }

    private void configure(String file) throws IOException {
        Files.writeString(
                folder.resolve(file),
                "listen: [tcp://127.0.0.1:" + port + "]\n"
                        + "principals: [{username: test, password: hahaha, permissions: []}]\n");
    }

    private List<String> program(String image) {
        return List.of(Distribution.home()
                .resolve("lib/openedge/" + image + "/bin/" + image)
                .toString());
    }

    private static String openedge() {
        return Distribution.home().resolve("bin/openedge").toString();
    }

    private Process start(Map<String, String> environment, List<String> line) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private void run(String... line) throws IOException, InterruptedException {
        Outcome.of(new ProcessBuilder(line), scratch.getRoot().toPath()).expect(0);
    }
}
