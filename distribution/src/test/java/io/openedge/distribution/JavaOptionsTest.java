package io.openedge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Options of Java: those of jvm.options, those of the environment, and what is said of wrong ones. */
public class JavaOptionsTest {
    private static final String RUNS = "bundles of the core run";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path work;
    private Path options;

    @Before
    public void aWorkDirectory() throws IOException {
        work = folder.newFolder("a work directory").toPath();
        options = Files.createDirectories(work.resolve("etc/openedge")).resolve("jvm.options");
        Files.writeString(
                work.resolve("etc/openedge/openedge.yml"),
                "mode: osgi\npidfile: var/run/g.pid\nserver: {address: 'unix://var/run/g.sock'}\n");
    }

    @Test
    public void withoutTheFileTheHeapSuitsTheMachine() throws Exception {
        try (Command gateway = run(Map.of()).awaitOut(RUNS)) {
            String heap = arguments(gateway).stream()
                    .filter(argument -> argument.startsWith("-Xmx"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Integer.parseInt(heap.replaceAll("\\D", ""))).isBetween(16, 512);
            assertThat(gateway.terminate().awaitExit()).isZero();
        }
    }

    @Test
    public void linesOfTheFileComeAfterOursAndThoseOfTheEnvironmentLast() throws Exception {
        Files.writeString(options, "# a comment\n\n  -Xmx200m  \r\n-XX:+UseParallelGC\n-Dname=a b c");
        try (Command gateway =
                run(Map.of("OPENEDGE_JAVA_OPTS", "-Xmx180m -Dother=1")).awaitOut(RUNS)) {
            assertThat(arguments(gateway))
                    .containsSubsequence("-Xmx200m", "-XX:+UseParallelGC", "-Dname=a b c", "-Xmx180m", "-Dother=1")
                    .doesNotContain("-XX:+UseSerialGC");
            assertThat(gateway.terminate().awaitExit()).isZero();
            assertThat(gateway.errors()).isEmpty();
        }
    }

    @Test
    public void aLineThatIsNoOptionIsNamed() throws Exception {
        refused("-Xmx200m\nXmx100m\n", options + ":2: 'Xmx100m' is no option of Java");
        refused("-cp", options + ":1: -cp has no place here");
    }

    @Test
    public void anOptionThatJavaDoesNotTakeIsNamedWithTheReason() throws Exception {
        refused("-Xmx200m\n-XX:+Nonsense\n", options + ": Java does not take -XX:+Nonsense: ");
        refused("-Xmx12parsecs\n", options + ": Java does not take -Xmx12parsecs: Invalid maximum heap size");
        refused("-XX:+UseParallelGC\n-XX:+UseG1GC\n", "does not take these options together");
        Files.delete(options);
        try (Command gateway = run(Map.of("OPENEDGE_JAVA_OPTS", "-Xmx200m -XX:Nonsense=1"))) {
            assertThat(gateway.awaitExit()).isOne();
            assertThat(gateway.errors()).contains("OPENEDGE_JAVA_OPTS: Java does not take -XX:Nonsense=1");
        }
    }

    private void refused(String content, String reason) throws Exception {
        Files.writeString(options, content);
        try (Command gateway = run(Map.of())) {
            assertThat(gateway.awaitExit()).isOne();
            assertThat(gateway.errors()).contains(reason).doesNotContain("Could not create");
        }
    }

    private Command run(Map<String, String> environment) throws IOException {
        Path command = Path.of(System.getProperty("openedge.folder")).resolve("bin/openedge");
        return Command.start(folder.getRoot().toPath(), environment, command.toString(), "run", "-w", work.toString());
    }

    private static List<String> arguments(Command gateway) throws IOException {
        return List.of(Files.readString(Path.of("/proc/" + gateway.process().pid() + "/cmdline"))
                .split("\0"));
    }
}
