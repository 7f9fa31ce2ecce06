package io.openedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The gateway's process: how it starts, what it says when it cannot, how it ends. */
public class LauncherTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Installation installation;
    private Path workdir;

    @Before
    public void folders() throws IOException {
        installation = Installation.in(folder.newFolder("home").toPath());
        workdir = folder.newFolder("work").toPath();
    }

    @Test
    public void theCoreRunsAndASignalEndsItWithZero() throws Exception {
        installation.withProbe(Map.of());
        try (LauncherProcess gateway = start().awaitRunning()) {
            gateway.terminate();

            assertThat(gateway.awaitExit()).isZero();
            assertThat(gateway.out()).contains("probe stopped");
            assertThat(gateway.err()).isEmpty();
        }
    }

    @Test
    public void aSignalBeforeTheFrameworkIsThereEndsItWithZeroToo() throws Exception {
        try (LauncherProcess gateway = start()) {
            Path first = workdir.resolve("var/cache/lock"); // the first that it does
            await().pollInterval(Duration.ofMillis(1)).until(() -> Files.exists(first));
            gateway.terminate();

            assertThat(gateway.awaitExit()).isZero();
            assertThat(gateway.err()).isEmpty();
        }
    }

    @Test
    public void bundlesLearnWhereTheyAre() throws Exception {
        installation.withProbe(Map.of());
        try (LauncherProcess gateway = start().awaitRunning()) {
            assertThat(gateway.out())
                    .contains("openedge.home=" + installation.home())
                    .contains("openedge.workdir=" + workdir)
                    .contains("openedge.conf=" + workdir.resolve("etc/openedge/openedge.yml"))
                    .containsPattern("openedge.version=\\d+\\.\\d+");
        }
    }

    @Test
    public void theExitServiceEndsTheGatewayWithItsCode() throws Exception {
        installation.withProbe(Map.of("Probe-Exit", "7"));
        try (LauncherProcess gateway = start()) {
            assertThat(gateway.awaitExit()).isEqualTo(7);
            assertThat(gateway.out()).contains("probe stopped");
        }
    }

    @Test
    public void aBundleThatDoesNotResolveIsNamedWithWhatItMisses() throws Exception {
        installation.withProbe(Map.of()).with("lonely", Map.of("Import-Package", "org.example.missing;version=\"2\""));
        try (LauncherProcess gateway = start()) {
            assertThat(gateway.awaitExit()).isOne();
            assertThat(gateway.err()).contains("lonely 1.2.3").contains("org.example.missing");
            assertThat(gateway.out()).doesNotContain("openedge.home");
        }
    }

    @Test
    public void aBundleThatDoesNotStartIsNamedWithTheReason() throws Exception {
        installation.withProbe(Map.of("Probe-Fail", "no luck today"));
        try (LauncherProcess gateway = start()) {
            assertThat(gateway.awaitExit()).isOne();
            assertThat(gateway.err()).contains("probe 1.2.3").contains("no luck today");
        }
    }

    @Test
    public void aBundleThatIsNotThereIsNamed() throws Exception {
        installation.withLine("bundle forgotten.jar");
        try (LauncherProcess gateway = start()) {
            assertThat(gateway.awaitExit()).isOne();
            assertThat(gateway.err()).contains("core.list").contains("forgotten.jar");
        }
    }

    @Test
    public void anInstallationWithoutACoreIsNamed() throws Exception {
        Files.delete(installation.home().resolve("features/core.list"));
        try (LauncherProcess gateway = start()) {
            assertThat(gateway.awaitExit()).isOne();
            assertThat(gateway.err()).contains("core.list");
        }
    }

    @Test
    public void librariesOfBothSlf4jVersionsAndTheLogAppendersResolve() throws Exception {
        installation
                .with("old", Map.of("Import-Package", "org.slf4j;version=\"[1.7,1.8)\""))
                .with(
                        "new",
                        Map.of("Import-Package", "org.slf4j;version=\"[2.0,3)\",org.slf4j.spi;version=\"[2.0,3)\""))
                .with("appenders", Map.of("Import-Package", "ch.qos.logback.core.rolling;version=\"[1.5,2)\""));
        try (LauncherProcess gateway = start().awaitRunning()) {
            assertThat(gateway.err()).isEmpty();
        }
    }

    @Test
    public void aSecondGatewayInAWorkDirectoryIsRefusedAndTheFirstRunsOn() throws Exception {
        installation.withProbe(Map.of());
        try (LauncherProcess first = start().awaitRunning();
                LauncherProcess second = start()) {
            assertThat(second.awaitExit()).isOne();
            assertThat(second.err()).contains("already running in " + workdir);
            assertThat(first.isAlive()).isTrue();
            assertThat(workdir.resolve("var/cache/felix/bundle1")).exists();
        }
    }

    @Test
    public void temporaryFilesOfTheRunBeforeAreGone() throws Exception {
        Path old = Files.createDirectories(workdir.resolve("var/cache/tmp/old"));
        Files.writeString(old.resolve("file"), "x");
        try (LauncherProcess gateway = start().awaitRunning()) {
            assertThat(gateway.isAlive()).isTrue();
            assertThat(workdir.resolve("var/cache/tmp")).isEmptyDirectory();
        }
    }

    @Test
    public void anInstallationThatIsNotThereIsNamed() throws Exception {
        Path missing = workdir.resolve("missing");
        try (LauncherProcess gateway = LauncherProcess.start(missing, workdir)) {
            assertThat(gateway.awaitExit()).isOne();
            assertThat(gateway.err()).contains(missing + " is no folder");
        }
    }

    @Test
    public void aModuleAloneRunsWithItsHostItsFeaturesAndWhatTheseWantBesideThem() throws Exception {
        Path features = installation.home().resolve("features");
        installation.withProbe(Map.of()).with("other", Map.of()).with("grpc", Map.of());
        Files.writeString(features.resolve("module-host.list"), "bundle probe.jar\n");
        Files.writeString(features.resolve("hub.list"), "image our-hub\nalone grpc\nalone missing\nbundle other.jar\n");
        Files.writeString(features.resolve("grpc.list"), "bundle grpc.jar\nbundle other.jar\n");
        Files.delete(features.resolve("core.list"));
        Path cache = workdir.resolve("elsewhere/our-hub");
        String[] options = {"-Dopenedge.module=our-hub", "-Dopenedge.cache=" + cache};
        try (LauncherProcess module = LauncherProcess.start(installation.home(), workdir, options)) {
            await().until(() -> module.out().contains("3 bundles of our-hub run, in " + workdir));
            assertThat(module.out()).contains("openedge.module=our-hub");
            try (LauncherProcess second = LauncherProcess.start(installation.home(), workdir, options)) {
                assertThat(second.awaitExit()).isOne();
                assertThat(second.err()).startsWith("our-hub: the instance our-hub is already running in ");
            }
            module.terminate();
            assertThat(module.awaitExit()).isZero();
        }
        assertThat(cache.resolve("felix")).exists();
    }

    @Test
    public void aModuleThatNoFeatureBringsIsNamedWithThoseThatThereAre() throws Exception {
        Files.writeString(installation.home().resolve("features/hub.list"), "image our-hub\n");
        try (LauncherProcess module =
                LauncherProcess.start(installation.home(), workdir, "-Dopenedge.module=our-hubb")) {
            assertThat(module.awaitExit()).isOne();
            assertThat(module.err())
                    .isEqualTo("our-hubb: no feature of " + installation.home()
                            + " brings a module of that name; there are is-not-for-the-launcher, our-hub\n");
        }
    }

    private LauncherProcess start() throws IOException {
        return LauncherProcess.start(installation.home(), workdir);
    }
}
