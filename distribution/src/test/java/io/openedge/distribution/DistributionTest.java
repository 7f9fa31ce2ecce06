package io.openedge.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The archive as a user gets it: unpacked into a fresh folder and started. */
public class DistributionTest {
    private static final String VERSION = System.getProperty("openedge.version");
    private static final String RUNS = "bundles of the core run";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path home;
    private Path elsewhere;

    @Before
    public void unpack() throws Exception {
        elsewhere = folder.newFolder("elsewhere").toPath();
        try (Command unzip = run(
                "unzip",
                "-q",
                System.getProperty("openedge.zip"),
                "-d",
                folder.getRoot().toString())) {
            assertThat(unzip.awaitExit()).isZero();
        }
        home = folder.getRoot().toPath().resolve("openedge-" + VERSION);
    }

    @Test
    public void theCoreStartsAndASignalEndsItWithZero() throws Exception {
        try (Command gateway = run(openedge(), "run").awaitOut(RUNS).terminate()) {
            assertThat(gateway.awaitExit()).as(gateway.errors()).isZero();
            assertThat(gateway.errors()).isEmpty();
        }
    }

    @Test
    public void inTheForegroundTheLogGoesToStandardOutputAndToItsFile() throws Exception {
        String line = "application.yml: no service is started";
        try (Command gateway = run(openedge(), "run").awaitOut(line).terminate()) {
            assertThat(gateway.awaitExit()).as(gateway.errors()).isZero();
            assertThat(home.resolve("var/log/openedge/openedge.log")).content().contains(line);
        }
    }

    @Test
    public void detachedItGoesToItsFileAlone() throws Exception {
        String line = "application.yml: no service is started";
        Path log = home.resolve("var/log/openedge/openedge.log");
        try (Command gateway = run(openedge(), "run", "--detached").awaitOut(RUNS)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Files.exists(log) && Files.readString(log).contains(line));
            assertThat(gateway.terminate().awaitExit()).isZero();
            assertThat(gateway.output()).doesNotContain(line);
        }
    }

    @Test
    public void eachFeatureResolvesOnTopOfTheCore() throws Exception {
        Path core = home.resolve("features/core.list");
        List<String> coreLines = Files.readAllLines(core);
        for (Path feature : lists()) {
            Files.write(
                    core,
                    Stream.concat(coreLines.stream(), Files.readAllLines(feature).stream())
                            .distinct()
                            .toList());
            try (Command gateway = run(openedge(), "run").awaitOut(RUNS).terminate()) {
                assertThat(gateway.awaitExit())
                        .as("%s: %s", feature, gateway.errors())
                        .isZero();
            }
        }
    }

    @Test
    public void nothingIsWrittenOutsideTheWorkDirectory() throws Exception {
        Path workdir = folder.newFolder("work").toPath();
        copy(home.resolve("etc/openedge/openedge.yml"), workdir.resolve("etc/openedge/openedge.yml"));
        Set<Path> before = files(home);
        try (Command gateway =
                run(openedge(), "run", "-w", workdir.toString()).awaitOut(RUNS).terminate()) {
            assertThat(gateway.awaitExit()).as(gateway.errors()).isZero();
        }
        assertThat(files(home)).isEqualTo(before);
        assertThat(workdir.resolve("var/cache/felix")).exists();
    }

    @Test
    public void theCommandFindsItsFolderThroughLinks() throws Exception {
        Path bin = folder.newFolder("usr", "bin").toPath();
        Files.createSymbolicLink(bin.resolve("oe"), home.resolve("bin/openedge"));
        Files.createSymbolicLink(bin.resolve("openedge"), Path.of("oe"));
        try (Command gateway = run(bin.resolve("openedge").toString(), "run")
                .awaitOut(home.toRealPath().toString())
                .terminate()) {
            assertThat(gateway.awaitExit()).as(gateway.errors()).isZero();
        }
    }

    @Test
    public void aJavaThatIsNotThereOrTooOldIsSaid() throws Exception {
        Path jdk = folder.newFolder("old-jdk").toPath();
        try (Command none = Command.start(elsewhere, Map.of("JAVA_HOME", jdk.toString()), openedge(), "run")) {
            assertThat(none.awaitExit()).isOne();
            assertThat(none.errors()).contains("there is no bin/java in it");
        }
        Files.createDirectories(jdk.resolve("bin"));
        Path java = jdk.resolve("bin/java");
        Files.writeString(java, "#!/bin/sh\nexit 1\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        try (Command old = Command.start(elsewhere, Map.of("JAVA_HOME", jdk.toString()), openedge(), "run")) {
            assertThat(old.awaitExit()).isOne();
            assertThat(old.errors()).contains("is older than Java 17");
        }
    }

    @Test
    public void aWrongArgumentOfRunIsSaid() throws Exception {
        try (Command wrong = run(openedge(), "run", "--nonsense")) {
            assertThat(wrong.awaitExit()).isOne();
            assertThat(wrong.errors()).contains("--nonsense").contains("usage: openedge run");
        }
    }

    @Test
    public void theCommandLineSaysItsVersion() throws Exception {
        try (Command version = run(openedge(), "version")) {
            assertThat(version.awaitExit()).isZero();
            assertThat(version.output()).contains(VERSION);
            assertThat(version.errors()).isEmpty();
        }
    }

    @Test
    public void systemdAcceptsTheUnit() throws Exception {
        assumeTrue("systemd-analyze is here", Files.isExecutable(Path.of("/usr/bin/systemd-analyze")));
        Path unit = folder.newFolder("units").toPath().resolve("openedge.service");
        Files.writeString(
                unit,
                Files.readString(home.resolve("lib/systemd/openedge.service"))
                        .replace("/opt/openedge/bin/openedge", openedge()));
        try (Command verify = run("systemd-analyze", "verify", "--man=no", unit.toString())) {
            assertThat(verify.awaitExit()).as(verify.errors()).isZero();
            assertThat(verify.errors()).doesNotContain(unit.toString());
        }
    }

    @Test
    public void theTarHoldsWhatTheZipHolds() throws Exception {
        Path zip = Path.of(System.getProperty("openedge.zip"));
        Path tar = zip.resolveSibling("openedge-" + VERSION + ".tar.gz");
        Path target = folder.newFolder("tar").toPath();
        try (Command untar = run("tar", "-xzf", tar.toString(), "-C", target.toString())) {
            assertThat(untar.awaitExit()).as(untar.errors()).isZero();
        }
        Path unpacked = target.resolve("openedge-" + VERSION);
        assertThat(relative(unpacked)).isEqualTo(relative(home));
        assertThat(unpacked.resolve("bin/openedge")).isExecutable();
    }

    @Test
    public void theUnpackedFolderOfTheBuildIsTheArchive() throws Exception {
        Path built = Path.of(System.getProperty("openedge.folder"));
        assertThat(relative(home)).isEqualTo(relative(built)).contains(Path.of("var/db/openedge"), Path.of("LICENSE"));
        assertThat(built.resolve("bin/openedge")).isExecutable();
    }

    private String openedge() {
        return home.resolve("bin/openedge").toString();
    }

    private Command run(String... words) throws IOException {
        return Command.start(elsewhere, Map.of(), words);
    }

    private List<Path> lists() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("features"))) {
            return files.filter(file -> !file.endsWith("core.list")).sorted().toList();
        }
    }

    private static Set<Path> relative(Path folder) throws IOException {
        return files(folder).stream().map(folder::relativize).collect(Collectors.toSet());
    }

    private static Set<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.collect(Collectors.toSet());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
}
