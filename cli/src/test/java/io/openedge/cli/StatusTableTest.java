package io.openedge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.engine.InstanceRecord.Framework;
import io.openedge.system.CpuStats;
import io.openedge.system.DiskStats;
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
        assertThat(StatusTable.lines(inspect, false))
                .containsExactly(
                        "openedge 0.1.0, mode osgi, application V2, /opt/openedge",
                        "SERVICE          INSTANCE             STATE       SINCE RESTARTS    CPU  MEMORY",
                        "localhub         localhub             running     3h07m        2   1.5%     64M",
                        "timer            timer.i1             pending         -        0      -       -",
                        "function-sayhi",
                        "",
                        "timer.i1: waits for the module openedge-timer, which no bundle of this gateway",
                        "    offers so far; it starts when one does");
    }

    @Test
    public void nothingIsWiderThanATerminal() {
        String longName = "n".repeat(200);
        Inspect inspect = inspect(
                "no application: " + "x".repeat(300),
                new ServiceStatus(
                        "s".repeat(64),
                        List.of(instance(longName, InstanceState.RESTARTING, "ended with\n\u001b[31mcode 1"))));
        List<String> lines = StatusTable.lines(inspect, false);
        assertThat(lines).allMatch(line -> line.length() <= 80).noneMatch(line -> line.contains("\u001b"));
        assertThat(lines).anyMatch(line -> line.endsWith("ended with [31mcode 1"));
        assertThat(lines)
                .anyMatch(
                        line -> line.startsWith("s".repeat(7) + "…" + "s".repeat(8) + " …" + "n".repeat(19) + " rest"));
    }

    @Test
    public void aLongInstanceLosesTheNameOfItsService() {
        Inspect inspect = inspect(
                "",
                new ServiceStatus(
                        "function-sayhi27",
                        List.of(instance("function-sayhi27.python27-sayhi.1", InstanceState.RUNNING, ""))),
                new ServiceStatus(
                        "very-long-service-name-a",
                        List.of(instance("another.of-a-quite-long-name.17", InstanceState.RUNNING, ""))));
        assertThat(StatusTable.lines(inspect, false).subList(2, 4))
                .containsExactly(
                        "function-sayhi27 ….python27-sayhi.1   running         -        0      -       -",
                        "very-lo…e-name-a …-quite-long-name.17 running         -        0      -       -");
    }

    @Test
    public void statesAreColouredWithoutMovingColumns() {
        Inspect inspect = inspect(
                "",
                new ServiceStatus(
                        "a",
                        List.of(
                                instance("a", InstanceState.RUNNING, ""),
                                instance("a.i1", InstanceState.FAILED, ""),
                                instance("a.i2", InstanceState.PENDING, ""))));
        List<String> coloured = StatusTable.lines(inspect, true);
        assertThat(coloured.get(2)).contains("\u001b[32mrunning   \u001b[0m");
        assertThat(coloured.get(3)).contains("\u001b[31mfailed    \u001b[0m");
        assertThat(coloured.get(4)).contains("\u001b[33mpending   \u001b[0m");
        assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[\\d+m", "")))
                .isEqualTo(StatusTable.lines(inspect, false));
    }

    @Test
    public void theHostInOneLine() {
        Hardware hardware = new Hardware(
                Hardware.UNKNOWN.hostStats(),
                Hardware.UNKNOWN.netStats(),
                new MemStats(NOW, 24L << 30, 0, 1200L << 20, 0, 0, 0, 0, 0, ""),
                new CpuStats(NOW, 3.14, List.of(new CpuStats.Cpu(1), new CpuStats.Cpu(2)), ""),
                new DiskStats(NOW, "/", "ext4", 50L << 30, 0, 10L << 30, 0, 0, 0, 0, 0, ""),
                Hardware.UNKNOWN.gpuStats());
        Inspect inspect = new Inspect("", NOW, inspect("").software(), hardware, List.of(), List.of());
        assertThat(StatusTable.lines(inspect, false).get(1))
                .isEqualTo("cpu 3.1% of 2 cores, memory 1.2G of 24G, disk 10G of 50G");
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
