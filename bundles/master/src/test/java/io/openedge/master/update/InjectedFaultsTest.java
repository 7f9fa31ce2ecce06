package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real system calls of an update's files: strace kills the process at the first, second, third … rename, fsync, unlink, open
 * or write, or lets that call fail. Without strace, or where it may not trace, nothing is tested here. The build does one
 * kind of call of each fault; the property {@code openedge.rounds} above 1 does all.
 */
public class InjectedFaultsTest {
    private static final Logger LOG = LoggerFactory.getLogger(InjectedFaultsTest.class);
    private static final boolean ALL = Integer.getInteger("openedge.rounds", 1) > 1;
    private static final int MOST = 200;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path db;

    @Before
    public void lookForStrace() throws Exception {
        Process strace = new ProcessBuilder("sh", "-c", "strace -f -e trace=rename true").start();
        assumeTrue("strace", strace.waitFor(20, TimeUnit.SECONDS) && strace.exitValue() == 0);
    }

    @Test
    public void killedAtAnyCallTheOldOrTheNewApplicationIsThere() throws Exception {
        for (String call : ALL ? List.of("rename", "fsync", "unlink", "openat", "write") : List.of("rename")) {
            assertThat(everywhere(call, "signal=SIGKILL", true)).as(call).containsExactly("V1", "V2");
            if (ALL) {
                assertThat(everywhere(call, "signal=SIGKILL", false)).as(call).containsExactly("V1");
            }
        }
    }

    @Test
    public void whicheverCallFailsWhatIsReportedIsThere() throws Exception {
        for (String call : ALL ? List.of("rename", "fsync", "unlink", "write") : List.of("unlink")) {
            for (String error : ALL ? List.of("EIO", "ENOSPC") : List.of("EIO")) {
                assertThat(everywhere(call, "error=" + error, true)).as(call).contains("V2");
                assertThat(everywhere(call, "error=" + error, false)).as(call).containsExactly("V1");
            }
        }
    }

    /** The versions that were there afterwards, one fault at each call in turn until there is none to hit. */
    private Set<String> everywhere(String call, String fault, boolean good) throws Exception {
        Set<String> ends = new TreeSet<>();
        int hits = 0;
        for (int n = 1; n < MOST; n++) {
            fresh();
            boolean hit = run(call, fault, n, good);
            if (Files.exists(db.resolve("begun"))) {
                ends.add(checked(call + ":" + fault + ":when=" + n));
                hits += hit ? 1 : 0;
            }
            if (!hit) {
                LOG.info("{} {}, {}: {} faults", call, fault, good ? "good" : "rolled back", hits);
                return ends;
            }
        }
        throw new AssertionError("more than " + MOST + " calls of " + call);
    }

    private void fresh() throws IOException {
        db = folder.newFolder().toPath();
        Files.writeString(db.resolve("application.yml"), "version: V1\nservices: []\n");
        Files.writeString(db.resolve("next.yml"), "version: V2\nservices: []\n");
    }

    private boolean run(String call, String fault, int n, boolean good) throws Exception {
        Path log = db.resolve("strace.log");
        Process process = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-o",
                        log.toString(),
                        "-e",
                        "trace=" + call,
                        "-e",
                        "inject=" + call + ":" + fault + ":when=" + n,
                        "-P",
                        db.toString(),
                        "-P",
                        db.resolve("application.yml").toString(),
                        "-P",
                        db.resolve("application.yml.tmp").toString(),
                        "-P",
                        db.resolve("application.yml.old").toString(),
                        "-P",
                        db.resolve("application.yml.old.tmp").toString(),
                        "-P",
                        db.resolve("application.update.tmp").toString(),
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        JournalProgram.class.getName(),
                        db.resolve("application.yml").toString(),
                        String.valueOf(good))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        try (Stream<String> lines = Files.lines(log)) {
            return lines.anyMatch(line -> line.contains("(INJECTED)") || line.contains("killed by SIGKILL"));
        }
    }

    /** As a start of the gateway finds it. */
    private String checked(String where) throws Exception {
        Path application = db.resolve("application.yml");
        String story = new Recovery(application, "native").run();
        String version = JournalProgram.version(application);
        assertThat(version).as(where).isIn("V1", "V2");
        assertThat(db.resolve("application.yml.old")).as(where).doesNotExist();
        assertThat(db.toFile().list()).as(where).noneMatch(name -> name.matches("application\\.yml.*tmp"));
        if (!story.isEmpty()) {
            assertThat(story).as(where).contains("'V2' was not committed", "'V1'");
            assertThat(version).as(where).isEqualTo("V1");
        }
        Path outcome = db.resolve("outcome");
        if (Files.exists(outcome)) {
            assertThat(Files.readString(outcome)).as(where).startsWith(version);
        }
        return version;
    }
}
