package io.openedge.engine.process;

import static io.openedge.engine.process.Scene.LIMIT;
import static io.openedge.engine.process.Scene.awaitRunning;
import static io.openedge.engine.process.Scene.instance;
import static io.openedge.engine.process.Scene.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.engine.Instance;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;

/** What programs print is kept, as much as there is room for, and holds nobody up. */
public class OutputLogTest {
    private static final String TODAY = LocalDate.now(ZoneId.systemDefault()).toString();

    @Rule
    public final Scene scene = new Scene();

    private static void print(Path file, long most, String... texts) {
        for (String text : texts) {
            new OutputLog(file, most).copy(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    public void aRunGoesOnWhereTheOneBeforeEnded() {
        Path file = scene.folder().resolve("log/s/s.log");

        print(file, 100, "one\n", "two\n");

        assertThat(file).hasContent("one\ntwo\n");
    }

    @Test
    public void itRollsOverAndKeepsFewParts() throws Exception {
        Path file = scene.folder().resolve("s.log");
        Files.writeString(scene.folder().resolve("s.log.notes"), "not a part");

        for (int part = 0; part < 13; part++) {
            print(file, 4, "part " + part + "\n");
        }
        print(file, 100, "last\n");

        assertThat(file).hasContent("last\n");
        assertThat(file.resolveSibling("s.log." + TODAY + ".12")).hasContent("part 12\n");
        assertThat(file.resolveSibling("s.log." + TODAY + ".11")).hasContent("part 11\n");
        assertThat(Scene.files(scene.folder()).stream().filter(name -> name.startsWith("s.log.2")))
                .hasSize(OutputLog.MOST_PARTS - 1);
        assertThat(file.resolveSibling("s.log.notes")).exists();
    }

    @Test
    public void theLastLineThatSaysSomethingIsKnown() {
        OutputLog log = new OutputLog(scene.folder().resolve("s.log"), 1000);

        log.copy(new ByteArrayInputStream(
                ("x".repeat(5000) + "\nTraceback\n  Näme\u0007 error  \n\n\n").getBytes(StandardCharsets.UTF_8)));

        assertThat(log.lastLine()).isEqualTo("Näme error");
    }

    @Test
    public void aLogThatCannotBeWrittenHoldsNobodyUp() throws Exception {
        Path inTheWay = Files.writeString(scene.folder().resolve("file"), "");
        OutputLog log = new OutputLog(inTheWay.resolve("s.log"), 1000);

        log.copy(new ByteArrayInputStream("said\n".repeat(10_000).getBytes(StandardCharsets.UTF_8)));

        assertThat(log.lastLine()).isEqualTo("said");
    }

    @Test
    public void aProgramThatPrintsWithoutEndIsNeitherHeldUpNorKept() throws Exception {
        scene.script("chatter", "#!/bin/sh", "(sleep 0.5; echo >var/db/openedge/later) &", "exec yes");
        Instance run = scene.open(scene.engine(), service("c", "chatter")).start(instance("c", "c"));
        awaitRunning(run);

        await("it goes on")
                .atMost(LIMIT)
                .until(() -> Files.exists(scene.directory("c").resolve("var/db/openedge/later")));
        Path folder = scene.work().resolve("var/log/openedge/services/c");
        await("it has rolled over")
                .atMost(LIMIT)
                .until(() -> Scene.files(folder).size() == OutputLog.MOST_PARTS);
        run.stop(Duration.ofSeconds(5));

        long all = 0;
        for (String name : Scene.files(folder)) {
            all += Files.size(folder.resolve(name));
        }
        assertThat(all).isLessThanOrEqualTo(OutputLog.MOST_PARTS * (OutputLog.MOST_BYTES + 8192));
    }

    @Test
    public void namesThatAreMadeUpDoNotFillTheDisk() throws Exception {
        OutputLogs logs = new OutputLogs(scene.folder().resolve("logs"));
        Path folder = Files.createDirectories(scene.folder().resolve("logs/s"));
        for (int number = 0; number < OutputLogs.MOST_NAMES + 7; number++) {
            Path file = Files.writeString(folder.resolve("s." + number + ".log"), "x");
            Files.writeString(folder.resolve("s." + number + ".log." + TODAY + ".0"), "x");
            assertThat(file.toFile().setLastModified(1_000_000L + 1000L * number))
                    .isTrue();
        }

        logs.of("s", "new").copy(new ByteArrayInputStream("x".getBytes(StandardCharsets.UTF_8)));

        assertThat(Scene.files(folder).stream().filter(name -> name.endsWith(".log")))
                .hasSize(OutputLogs.MOST_NAMES)
                .contains("new.log", "s.8.log")
                .doesNotContainAnyElementsOf(IntStream.range(0, 8)
                        .mapToObj(number -> "s." + number + ".log")
                        .toList());
        assertThat(folder.resolve("s.0.log." + TODAY + ".0")).doesNotExist();
        assertThat(folder.resolve("s.8.log." + TODAY + ".0")).exists();
    }
}
