package io.openedge.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What programs print is kept, as much as there is room for, and holds nobody up. */
public class OutputLogTest {
    private static final String TODAY = LocalDate.now(ZoneId.systemDefault()).toString();

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path folder;

    @Before
    public void open() {
        folder = temporary.getRoot().toPath();
    }

    private static void print(Path file, long most, String... texts) {
        for (String text : texts) {
            new OutputLog(file, most).copy(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    public void aRunGoesOnWhereTheOneBeforeEnded() {
        Path file = folder.resolve("log/s/s.log");

        print(file, 100, "one\n", "two\n");

        assertThat(file).hasContent("one\ntwo\n");
    }

    @Test
    public void itRollsOverAndKeepsFewParts() throws Exception {
        Path file = folder.resolve("s.log");
        Files.writeString(folder.resolve("s.log.notes"), "not a part");

        for (int part = 0; part < 13; part++) {
            print(file, 4, "part " + part + "\n");
        }
        print(file, 100, "last\n");

        assertThat(file).hasContent("last\n");
        assertThat(file.resolveSibling("s.log." + TODAY + ".12")).hasContent("part 12\n");
        assertThat(file.resolveSibling("s.log." + TODAY + ".11")).hasContent("part 11\n");
        assertThat(files(folder).stream().filter(name -> name.startsWith("s.log.2")))
                .hasSize(OutputLog.MOST_PARTS - 1);
        assertThat(file.resolveSibling("s.log.notes")).exists();
    }

    @Test
    public void theLastLineThatSaysSomethingIsKnown() {
        OutputLog log = new OutputLog(folder.resolve("s.log"), 1000);

        log.copy(new ByteArrayInputStream(
                ("x".repeat(5000) + "\nTraceback\n  Näme\u0007 error  \n\n\n").getBytes(StandardCharsets.UTF_8)));

        assertThat(log.lastLine()).isEqualTo("Näme error");
    }

    @Test
    public void aLogThatCannotBeWrittenHoldsNobodyUp() throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("file"), "");
        OutputLog log = new OutputLog(inTheWay.resolve("s.log"), 1000);

        log.copy(new ByteArrayInputStream("said\n".repeat(10_000).getBytes(StandardCharsets.UTF_8)));

        assertThat(log.lastLine()).isEqualTo("said");
    }

    @Test
    public void namesThatAreMadeUpDoNotFillTheDisk() throws Exception {
        OutputLogs logs = new OutputLogs(folder.resolve("logs"));
        Path ofService = Files.createDirectories(folder.resolve("logs/s"));
        for (int number = 0; number < OutputLogs.MOST_NAMES + 7; number++) {
            Path file = Files.writeString(ofService.resolve("s." + number + ".log"), "x");
            Files.writeString(ofService.resolve("s." + number + ".log." + TODAY + ".0"), "x");
            assertThat(file.toFile().setLastModified(1_000_000L + 1000L * number))
                    .isTrue();
        }

        logs.of("s", "new").copy(new ByteArrayInputStream("x".getBytes(StandardCharsets.UTF_8)));

        assertThat(files(ofService).stream().filter(name -> name.endsWith(".log")))
                .hasSize(OutputLogs.MOST_NAMES)
                .contains("new.log", "s.8.log")
                .doesNotContainAnyElementsOf(IntStream.range(0, 8)
                        .mapToObj(number -> "s." + number + ".log")
                        .toList());
        assertThat(ofService.resolve("s.0.log." + TODAY + ".0")).doesNotExist();
        assertThat(ofService.resolve("s.8.log." + TODAY + ".0")).exists();
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
