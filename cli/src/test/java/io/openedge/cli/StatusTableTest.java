package io.openedge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.engine.InstanceRecord.Framework;
import io.openedge.system.CpuStats;
import io.openedge.system.Hardware;
import io.openedge.system.Inspect;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import io.openedge.system.MemStats;
import io.openedge.system.ServiceStatus;
import io.openedge.system.Software;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The table, letter by letter. */
public class StatusTableTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    public void aGatewayAtWork() {
        Inspect inspect = inspect(
                "",
                new ServiceStatus(
                        "localhub",
                        List.of(new InstanceStatus(
                                "localhub",
                                InstanceState.RUNNING,
                                "",
                                NOW.minusSeconds(11225),
                                2,
                                new Framework(),
                                new CpuStats(NOW, 1.54, List.of(), ""),
                                new MemStats(NOW, 0, 0, 64 << 20, 0, 0, 0, 0, 0, ""),
                                Map.of()))),
                new ServiceStatus(
                        "timer",
                        List.of(instance(
                                "timer.i1",
                                InstanceState.PENDING,
                                "waits for the module openedge-timer, which no bundle of this gateway offers"
                                        + " so far; it starts when one does"))),
                new ServiceStatus("function-sayhi", List.of()));
        assertThat(StatusTable.lines(inspect))
                .containsExactly(
                        "openedge 0.1.0, mode osgi, application V2, /opt/openedge",
                        "SERVICE          INSTANCE             STATE       SINCE RESTARTS    CPU  MEMORY",
                        "localhub         localhub             running     3h07m        2   1.5%     64M",
                        "timer            timer.i1             pending         -        0      -       -",
                        "    waits for the module openedge-timer, which no bundle of this gateway offers",
                        "    so far; it starts when one does",
                        "function-sayhi");
    }

    @Test
    public void nothingIsWiderThanATerminal() {
        String longName = "n".repeat(200);
        Inspect inspect = inspect(
                "no application: " + "x".repeat(300),
                new ServiceStatus(
                        "s".repeat(64),
                        List.of(instance(longName, InstanceState.RESTARTING, "ended with\n\u001b[31mcode 1"))));
        List<String> lines = StatusTable.lines(inspect);
        assertThat(lines).allMatch(line -> line.length() <= 80).noneMatch(line -> line.contains("\u001b"));
        assertThat(lines).contains("    ended with [31mcode 1");
        assertThat(lines).anyMatch(line -> line.startsWith("s".repeat(15) + "~ " + "n".repeat(19) + "~ restarting"));
    }

    @Test
    public void spansOfTime() {
        assertThat(StatusTable.span(Duration.ofSeconds(-5))).isEqualTo("0s");
        assertThat(StatusTable.span(Duration.ofSeconds(59))).isEqualTo("59s");
        assertThat(StatusTable.span(Duration.ofSeconds(3599))).isEqualTo("59m");
        assertThat(StatusTable.span(Duration.ofSeconds(86399))).isEqualTo("23h59m");
        assertThat(StatusTable.span(Duration.ofDays(99).plusHours(5))).isEqualTo("99d05h");
        assertThat(StatusTable.span(Duration.ofDays(4000))).isEqualTo("4000d");
    }

    @Test
    public void numbersOfBytes() {
        assertThat(StatusTable.bytes(999)).isEqualTo("999");
        assertThat(StatusTable.bytes(1500)).isEqualTo("1.5k");
        assertThat(StatusTable.bytes(12L << 30)).isEqualTo("12G");
        assertThat(StatusTable.bytes(Long.MAX_VALUE)).isEqualTo("8.0E");
    }

    private static Inspect inspect(String error, ServiceStatus... services) {
        Software software = new Software("linux", "amd64", "/opt/openedge", "osgi", "java 17", "0.1.0", "V2");
        return new Inspect(error, NOW, software, Hardware.UNKNOWN, List.of(services), List.of());
    }

    private static InstanceStatus instance(String name, InstanceState state, String reason) {
        return new InstanceStatus(
                name, state, reason, Instant.EPOCH, 0, new Framework(), CpuStats.UNKNOWN, MemStats.UNKNOWN, Map.of());
    }
}
