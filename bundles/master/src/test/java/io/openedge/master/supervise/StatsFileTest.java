package io.openedge.master.supervise;

import static io.openedge.master.supervise.Fixture.service;
import static io.openedge.master.supervise.Fixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.engine.InstanceRecord;
import io.openedge.master.stats.Leftover;
import io.openedge.master.stats.StatsFile;
import io.openedge.system.InstanceState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** application.stats: what finds orphans after a crash. */
public class StatsFileTest {
    @Rule
    public final Fixture gateway = new Fixture();

    @Test
    public void whatRanBeforeACrashIsGivenToItsEngineBeforeAnythingStarts() throws Exception {
        gateway.run(service("hub", 1));
        gateway.awaitState("hub", InstanceState.RUNNING);
        until(() -> Files.exists(gateway.stats())
                && Files.readString(gateway.stats()).contains("hub"));
        assertThat(Files.readString(gateway.stats()))
                .contains("process:")
                .contains("id: 42")
                .contains("start_time:")
                .contains("boot_id: boot-1");
        gateway.engines.remove(gateway.engine);

        gateway.again();
        FakeEngine other = new FakeEngine();
        gateway.engines.add("other", new FakeEngine());
        gateway.engines.add("fake", other);
        gateway.runWithoutEngine(service("hub", 1));

        gateway.awaitState("hub", InstanceState.RUNNING);
        assertThat(other.reclaimed)
                .containsExactly(new InstanceRecord(
                        "hub", "hub", new InstanceRecord.Process(42, "fake"), Instant.EPOCH, "boot-1"));
    }

    @Test
    public void anOrderlyEndLeavesNoFile() throws Exception {
        gateway.run(service("hub", 1));
        until(() -> Files.exists(gateway.stats()));

        gateway.supervisor.stop().get(10, TimeUnit.SECONDS);

        assertThat(gateway.stats()).doesNotExist();
    }

    @Test
    public void anEntryOfAnOldReleaseIsUnderstood() throws Exception {
        Path file = gateway.stats();
        Files.writeString(file, """
                localhub:
                  localhub:
                    container:
                      id: 0777
                      name: localhub
                    name: localhub
                timer:
                  timer.i1:
                    name: timer.i1
                    process: {id: 99, name: timer}
                """);

        List<Leftover> found = new StatsFile(file).read();

        assertThat(found).extracting(Leftover::engine).containsExactly("docker", "native");
        assertThat(found.get(0).record().place()).isEqualTo(new InstanceRecord.Container("0777", "localhub"));
        assertThat(found.get(1).record().place()).isEqualTo(new InstanceRecord.Process(99, "timer"));
    }

    @Test
    public void aTornFileIsIgnored() throws Exception {
        for (String torn :
                List.of("", "localhub:\n  loc", "a: [", "x: {y: {process: {id: many}}}", "\0\0\0", "- 1\n")) {
            Files.writeString(gateway.stats(), torn);

            assertThat(new StatsFile(gateway.stats()).read()).isEmpty();
        }
    }

    @Test
    public void whatIsLeftOfAnEngineThatIsNotThereStaysInTheFile() throws Exception {
        Files.writeString(gateway.stats(), "old:\n  old:\n    name: old\n    container: {id: abc, name: old}\n");
        gateway.again();
        gateway.run(service("hub", 1));
        until(() -> Files.readString(gateway.stats()).contains("hub:"));

        assertThat(new StatsFile(gateway.stats()).read())
                .extracting(Leftover::engine)
                .containsExactlyInAnyOrder("docker", "fake");

        FakeEngine docker = new FakeEngine();
        gateway.engines.add("docker", docker);
        until(() -> docker.reclaimed.size() == 1);
        until(() -> !Files.readString(gateway.stats()).contains("abc"));
    }

    @Test
    public void whatAnEngineCouldNotStopStaysForTheNextOfThatName() throws Exception {
        Files.writeString(gateway.stats(), "old:\n  old:\n    name: old\n    container: {id: abc, name: old}\n");
        gateway.again();
        FakeEngine docker = new FakeEngine();
        docker.reclaimFailure = "the daemon is away";
        gateway.engines.add("docker", docker);
        gateway.run(service("hub", 1));
        gateway.awaitState("hub", InstanceState.RUNNING);
        until(() -> Files.readString(gateway.stats()).contains("hub:"));
        until(gateway.supervisor::settled);
        assertThat(Files.readString(gateway.stats())).contains("abc");

        gateway.engines.remove(docker);
        FakeEngine again = new FakeEngine();
        gateway.engines.add("docker", again);

        until(() -> again.reclaimed.size() == 1);
        until(() -> !Files.readString(gateway.stats()).contains("abc"));
    }

    @Test
    public void aRunLeftBehindAndTheOneInItsPlaceAreBothFoundAgain() throws Exception {
        StatsFile file = new StatsFile(gateway.stats());
        Leftover left = new Leftover("native", record(1));
        Leftover now = new Leftover("native", record(2));

        file.write(List.of(left, now));

        assertThat(file.read()).containsExactly(left, now);
    }

    private static InstanceRecord record(long process) {
        return new InstanceRecord("hub", "hub", new InstanceRecord.Process(process, "hub"), Instant.EPOCH, "boot-1");
    }
}
