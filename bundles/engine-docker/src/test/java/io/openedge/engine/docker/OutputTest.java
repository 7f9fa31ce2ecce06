package io.openedge.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import io.openedge.directory.OutputLogs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a container writes, in the log of its instance. */
public class OutputTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aRunThatHasEndedHoldsNoFileAndLosesNoLine() throws Exception {
        Output output = new Output(new OutputLogs(folder.getRoot().toPath()).of("s", "s"), Instant.EPOCH);
        write(output, "2026-01-31T12:00:00Z one");
        Path log = folder.getRoot().toPath().resolve("s/s.log").toRealPath();
        assertThat(opened()).contains(log);

        output.release();

        assertThat(opened()).doesNotContain(log);
        write(output, "2026-01-31T12:00:01Z two");
        assertThat(opened()).doesNotContain(log);
        assertThat(log).hasContent("one\ntwo\n");
        output.close();
    }

    private static void write(Output output, String line) {
        output.feed().onNext(new Frame(StreamType.STDOUT, (line + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** The files that this process has open. */
    private static List<Path> opened() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            List<Path> opened = new ArrayList<>();
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isSymbolicLink(file)) { // that of the list itself is gone
                    opened.add(Files.readSymbolicLink(file));
                }
            }
            return opened;
        }
    }
}
