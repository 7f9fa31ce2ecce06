package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A gateway writes down where it is to be met. */
public class RunningGatewayTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path work;
    private RunningGateway gateway;

    @Before
    public void writeItDown() throws Exception {
        work = folder.getRoot().toPath().toRealPath();
        GatewayFiles files = new GatewayFiles(
                work, work.resolve("a = b/pid"), "tcp://127.0.0.1:50050", work.resolve("var/run/openedge/op.sock"));
        gateway = new RunningGateway(files, Duration.ofMillis(1500));
        assertThat(RunningGateway.read(work)).isEmpty();
        gateway.write();
    }

    @Test
    public void whatWasWrittenIsReadAgainUntilItIsRemoved() throws Exception {
        assertThat(RunningGateway.read(work)).contains(gateway);

        gateway.remove();

        assertThat(RunningGateway.read(work)).isEmpty();
        assertThat(work.resolve("var/run/openedge")).isEmptyDirectory();
    }

    @Test
    public void whatCannotBeReadIsAsIfItWereNotThere() throws Exception {
        Path file = work.resolve("var/run/openedge/gateway");
        String whole = Files.readString(file);
        for (String text : new String[] {"", "x", "pidfile=\\u00", whole.replace("PT1.5S", "soon")}) {
            Files.writeString(file, text);
            assertThat(RunningGateway.read(work)).as(text).isEmpty();
        }
    }
}
