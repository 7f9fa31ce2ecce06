package io.openedge.master.supervise;

import static io.openedge.master.supervise.Fixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.engine.InstanceStats;
import io.openedge.system.CpuStats;
import io.openedge.system.Hardware;
import io.openedge.system.HostStats;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import io.openedge.system.MemStats;
import java.time.Instant;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** An instance shows what its processes use, when its engine does not know it. */
public class UsageTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final InstanceStats USED = used(12.5, 1000);

    @Rule
    public final Fixture gateway = new Fixture();

    private Process one;
    private Process other;

    @Before
    public void twoProcesses() throws Exception {
        one = new ProcessBuilder("sleep", "3600").start();
        other = new ProcessBuilder("sleep", "3600").start();
        gateway.run(service("function", 1));
        gateway.awaitState("function", InstanceState.RUNNING);
        gateway.engine.runs.get(0).processes = List.of(one.toHandle(), other.toHandle());
    }

    @After
    public void end() {
        one.destroyForcibly();
        other.destroyForcibly();
    }

    private InstanceStatus status() {
        return gateway.supervisor.services().get(0).instances().get(0);
    }

    @Test
    public void processesAreSummedUp() {
        gateway.host.set(new Looking());

        assertThat(status().cpuStats()).isEqualTo(new CpuStats(NOON, 25, List.of(), ""));
        assertThat(status().memStats()).isEqualTo(new MemStats(NOON, 10_000, 0, 2000, 20, 0, 0, 0, 0, ""));
    }

    @Test
    public void whatTheEngineKnowsCounts() {
        gateway.host.set(new Looking());
        gateway.engine.runs.get(0).stats = used(99, 5000);

        assertThat(status().cpuStats().usedPercent()).isEqualTo(99);
        assertThat(status().memStats().used()).isEqualTo(5000);
    }

    @Test
    public void whenNobodyLooksAtTheHostNothingIsKnown() {
        assertThat(status().cpuStats()).isEqualTo(CpuStats.UNKNOWN);

        HostStats gone = new Looking();
        gateway.host.set(gone);
        gateway.host.unset(gone);

        assertThat(status().cpuStats()).isEqualTo(CpuStats.UNKNOWN);
        assertThat(gateway.host.hardware()).isEqualTo(Hardware.UNKNOWN);
    }

    @Test
    public void aLookThatFailsHarmsNoStatus() {
        gateway.host.set(new HostStats() {
            @Override
            public Hardware hardware() {
                throw new IllegalStateException("broken");
            }

            @Override
            public InstanceStats process(long pid) {
                throw new IllegalStateException("broken");
            }
        });

        assertThat(status().memStats()).isEqualTo(MemStats.UNKNOWN);
        assertThat(status().status()).isEqualTo(InstanceState.RUNNING);
        assertThat(gateway.host.hardware()).isEqualTo(Hardware.UNKNOWN);
    }

    private static InstanceStats used(double percent, long bytes) {
        return new InstanceStats(
                new CpuStats(NOON, percent, List.of(), ""),
                new MemStats(NOON, 10_000, 0, bytes, bytes / 100.0, 0, 0, 0, 0, ""));
    }

    /** Knows both processes. */
    private final class Looking implements HostStats {
        @Override
        public Hardware hardware() {
            return Hardware.UNKNOWN;
        }

        @Override
        public InstanceStats process(long pid) {
            return pid == one.pid() || pid == other.pid() ? USED : InstanceStats.UNKNOWN;
        }
    }
}
