package io.openedge.rest.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.engine.InstanceRecord;
import io.openedge.system.CpuStats;
import io.openedge.system.DiskStats;
import io.openedge.system.GpuStats;
import io.openedge.system.Hardware;
import io.openedge.system.HostInfo;
import io.openedge.system.Inspect;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import io.openedge.system.MemStats;
import io.openedge.system.NetStats;
import io.openedge.system.ServiceStatus;
import io.openedge.system.Software;
import io.openedge.system.UpdatePlan;
import io.openedge.system.VolumeStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The JSON form, letter by letter, and the way back. */
public class SystemJsonTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.25Z");
    private static final Software SOFTWARE =
            new Software("linux", "arm64", "/opt/openedge", "osgi", "java 17.0.15", "0.1.0", "V2");

    @Test
    public void anInspectOfAnEmptyGateway() throws Exception {
        Inspect inspect = inspect(Hardware.UNKNOWN, List.of());
        assertThat(SystemJson.write(inspect))
                .isEqualTo("{\"time\":\"2026-03-01T12:00:00.250Z\",\"software\":{\"os\":\"linux\",\"arch\":\"arm64\","
                        + "\"pwd\":\"/opt/openedge\",\"mode\":\"osgi\",\"go_version\":\"java 17.0.15\","
                        + "\"bin_version\":\"0.1.0\",\"conf_version\":\"V2\"}}");
        assertThat(read(SystemJson.write(inspect))).isEqualTo(inspect);
    }

    @Test
    public void theOlderFormCountsProcessorsAndListsGraphicsProcessors() throws Exception {
        Hardware none = Hardware.UNKNOWN;
        Hardware hardware = new Hardware(
                none.hostStats(),
                none.netStats(),
                new MemStats(NOON, 100, 40, 60, 60, 0, 0, 0, 0, ""),
                new CpuStats(NOON, 12.5, List.of(new CpuStats.Cpu(0), new CpuStats.Cpu(25)), ""),
                none.diskStats(),
                new GpuStats(NOON, List.of(new GpuStats.Gpu("0", "Tesla", 1000, 250, 75, 5)), ""));
        assertThat(SystemJson.writeOlder(inspect(hardware, List.of())))
                .endsWith(
                        ",\"hardware\":{\"mem_stats\":{\"time\":\"2026-03-01T12:00:00.250Z\",\"total\":100,\"free\":40,"
                                + "\"used\":60,\"used_percent\":60.0},\"cpu_stats\":{\"cpus\":2,\"used_percent\":12.5},"
                                + "\"gpu_stats\":[{\"id\":\"0\",\"model\":\"Tesla\",\"mem_stat\":{\"total\":1000,"
                                + "\"free\":250,\"used\":750,\"used_percent\":75.0}}]}}");
        assertThat(SystemJson.writeOlder(inspect(none, List.of())))
                .isEqualTo(SystemJson.write(inspect(none, List.of())));
    }

    @Test
    public void instancesAsProcessAsContainerAndInTheFramework() throws Exception {
        Inspect inspect = inspect(
                Hardware.UNKNOWN,
                List.of(
                        instance("a", new InstanceRecord.Process(7, "hub"), Map.of()),
                        instance("b", new InstanceRecord.Container("c0ffee", "b"), Map.of()),
                        instance("c", new InstanceRecord.Framework(), Map.of())));
        assertThat(SystemJson.write(inspect))
                .contains("\"services\":[{\"name\":\"s\",\"instances\":["
                        + "{\"name\":\"a\",\"status\":\"running\",\"start_time\":\"2026-03-01T12:00:00.250Z\","
                        + "\"process\":{\"id\":7,\"name\":\"hub\"}},"
                        + "{\"name\":\"b\",\"status\":\"running\",\"start_time\":\"2026-03-01T12:00:00.250Z\","
                        + "\"container\":{\"id\":\"c0ffee\",\"name\":\"b\"}},"
                        + "{\"name\":\"c\",\"status\":\"running\",\"start_time\":\"2026-03-01T12:00:00.250Z\"}]}]");
        assertThat(read(SystemJson.write(inspect))).isEqualTo(inspect);
    }

    @Test
    public void aPendingInstanceTellsWhyAndWhatItUses() throws Exception {
        Inspect inspect = inspect(
                Hardware.UNKNOWN,
                List.of(new InstanceStatus(
                        "a",
                        InstanceState.PENDING,
                        "waits",
                        Instant.EPOCH,
                        3,
                        new InstanceRecord.Framework(),
                        new CpuStats(NOON, 1.5, List.of(), ""),
                        new MemStats(Instant.EPOCH, 0, 0, 4096, 0, 0, 0, 0, 0, ""),
                        Map.of())));
        assertThat(SystemJson.write(inspect))
                .endsWith("[{\"name\":\"a\",\"status\":\"pending\",\"reason\":\"waits\",\"restarts\":3,\"cpu_stats\":"
                        + "{\"time\":\"2026-03-01T12:00:00.250Z\",\"used_percent\":1.5},"
                        + "\"mem_stats\":{\"used\":4096}}]}]}");
        assertThat(read(SystemJson.write(inspect))).isEqualTo(inspect);
    }

    @Test
    public void whatAnInstanceReportsReplacesNoneOfItsOwnKeys() throws Exception {
        Map<String, Object> reported = Map.of(
                "name",
                "x",
                "status",
                "fine",
                "reason",
                "none",
                "start_time",
                "now",
                "restarts",
                0L,
                "process",
                Map.of("id", 1L),
                "container",
                "c",
                "cpu_stats",
                1L,
                "mem_stats",
                2L,
                "load",
                List.of(1L, "two", 0L));
        Inspect inspect = inspect(Hardware.UNKNOWN, List.of(instance("a", new InstanceRecord.Framework(), reported)));
        assertThat(SystemJson.write(inspect))
                .endsWith("{\"name\":\"a\",\"status\":\"running\",\"start_time\":\"2026-03-01T12:00:00.250Z\","
                        + "\"load\":[1,\"two\",0]}]}]}");
        InstanceStatus back =
                read(SystemJson.write(inspect)).services().get(0).instances().get(0);
        assertThat(back.reported()).isEqualTo(Map.of("load", List.of(1L, "two", 0L)));
    }

    @Test
    public void everyPartOfTheHardwareHasTheKeysOfTheContract() throws Exception {
        Hardware hardware = new Hardware(
                new HostInfo(NOON, "gw", 60, 1700000000, 94, "linux", "debian", "debian", "12", "6.1.0", "0f-1", ""),
                new NetStats(
                        NOON,
                        List.of(new NetStats.Interface(
                                2, "eth0", "02:fc:00:00:00:01", List.of(new NetStats.Address("ip+net", "fd00::2/64")))),
                        ""),
                new MemStats(NOON, 1000, 750, 250, 25, 400, 300, 100, 25, ""),
                new CpuStats(NOON, 12.5, List.of(new CpuStats.Cpu(12.5)), ""),
                new DiskStats(NOON, "/data", "ext4", 1000, 500, 400, 44.44, 100, 10, 90, 10, ""),
                new GpuStats(NOON, List.of(new GpuStats.Gpu("0", "Tesla T4", 1000, 250, 75, 37)), ""));

        String json = SystemJson.write(inspect(hardware, List.of()));

        String time = "\"time\":\"" + NOON + "\",";
        assertThat(json)
                .contains(
                        "\"hardware\":{\"host_stats\":{" + time + "\"hostname\":\"gw\",\"uptime\":60,"
                                + "\"boot_time\":1700000000,\"process_num\":94,\"os\":\"linux\",\"platform\":\"debian\","
                                + "\"platform_family\":\"debian\",\"platform_version\":\"12\",\"kernel_version\":\"6.1.0\","
                                + "\"host_id\":\"0f-1\"},"
                                + "\"net_stats\":{" + time + "\"interfaces\":[{\"index\":2,\"name\":\"eth0\","
                                + "\"mac\":\"02:fc:00:00:00:01\",\"addrs\":[{\"network\":\"ip+net\",\"address\":\"fd00::2/64\"}]}]},"
                                + "\"mem_stats\":{" + time
                                + "\"total\":1000,\"free\":750,\"used\":250,\"used_percent\":25.0,"
                                + "\"swap_total\":400,\"swap_free\":300,\"swap_used\":100,\"swap_used_percent\":25.0},"
                                + "\"cpu_stats\":{" + time
                                + "\"used_percent\":12.5,\"cpus\":[{\"used_percent\":12.5}]},"
                                + "\"disk_stats\":{" + time
                                + "\"path\":\"/data\",\"fstype\":\"ext4\",\"total\":1000,\"free\":500,"
                                + "\"used\":400,\"used_percent\":44.44,\"inodes_total\":100,\"inodes_used\":10,"
                                + "\"inodes_free\":90,\"inodes_used_percent\":10.0},"
                                + "\"gpu_stats\":{" + time + "\"gpus\":[{\"index\":\"0\",\"model\":\"Tesla T4\","
                                + "\"mem_total\":1000,\"mem_free\":250,\"mem_used_percent\":75.0,\"gpu_used_percent\":37.0}]}}");
        assertThat(read(json).hardware()).isEqualTo(hardware);
    }

    @Test
    public void elementsOfListsStayEvenWhenTheyAreEmpty() throws Exception {
        Hardware hardware = new Hardware(
                Hardware.UNKNOWN.hostStats(),
                new NetStats(
                        NOON,
                        List.of(new NetStats.Interface(
                                1, "lo", "", List.of(new NetStats.Address("ip+net", "127.0.0.1/8")))),
                        ""),
                new MemStats(NOON, 1L << 40, 0, 0, 0, 0, 0, 0, 0, "half of it"),
                new CpuStats(NOON, 0, List.of(new CpuStats.Cpu(0), new CpuStats.Cpu(12.5)), ""),
                Hardware.UNKNOWN.diskStats(),
                Hardware.UNKNOWN.gpuStats());
        Inspect inspect = inspect(hardware, List.of());
        assertThat(SystemJson.write(inspect))
                .contains(
                        "\"cpus\":[{},{\"used_percent\":12.5}]",
                        "\"interfaces\":[{\"index\":1,\"name\":\"lo\",\"addrs\":"
                                + "[{\"network\":\"ip+net\",\"address\":\"127.0.0.1/8\"}]}]",
                        "\"total\":1099511627776,\"error\":\"half of it\"")
                .doesNotContain("disk_stats", "gpu_stats", "host_stats");
        assertThat(read(SystemJson.write(inspect))).isEqualTo(inspect);
    }

    @Test
    public void anErrorAndVolumes() throws Exception {
        Inspect inspect = new Inspect(
                "cannot \"load\"",
                NOON,
                SOFTWARE,
                Hardware.UNKNOWN,
                List.of(),
                List.of(new VolumeStatus("v", "V1"), new VolumeStatus("w", "")));
        assertThat(SystemJson.write(inspect))
                .startsWith("{\"error\":\"cannot \\\"load\\\"\",")
                .endsWith(",\"volumes\":[{\"name\":\"v\",\"version\":\"V1\"},{\"name\":\"w\"}]}");
        assertThat(read(SystemJson.write(inspect))).isEqualTo(inspect);
    }

    @Test
    public void aPlan() throws Exception {
        UpdatePlan plan = new UpdatePlan(
                "V1", "V2", List.of(new UpdatePlan.Step("hub", UpdatePlan.Action.KEEP, "nothing changed")));
        assertThat(SystemJson.write(plan))
                .isEqualTo("{\"from\":\"V1\",\"to\":\"V2\",\"steps\":"
                        + "[{\"service\":\"hub\",\"action\":\"keep\",\"reason\":\"nothing changed\"}]}");
        assertThat(SystemJson.plan(SystemJson.write(plan).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(plan);
    }

    @Test
    public void whatIsNoInspectIsNamed() {
        assertNamed("{\"time\":1}", "time: not a string");
        assertNamed("{\"time\":\"noon\"}", "time: no time: noon");
        assertNamed(
                "{\"services\":[{\"instances\":[{\"status\":\"odd\"}]}]}",
                "services[0].instances[0].status: unknown word 'odd'");
        assertNamed("{\"software\":[]}", "software: not a map");
        assertNamed("[]", "a JSON object is expected");
    }

    private static void assertNamed(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(JsonException.class).hasMessage(message);
    }

    private static Inspect read(String text) throws JsonException {
        return SystemJson.inspect(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Inspect inspect(Hardware hardware, List<InstanceStatus> instances) {
        List<ServiceStatus> services = instances.isEmpty() ? List.of() : List.of(new ServiceStatus("s", instances));
        return new Inspect("", NOON, SOFTWARE, hardware, services, List.of());
    }

    private static InstanceStatus instance(String name, InstanceRecord.Place place, Map<String, Object> reported) {
        return new InstanceStatus(
                name, InstanceState.RUNNING, "", NOON, 0, place, CpuStats.UNKNOWN, MemStats.UNKNOWN, reported);
    }
}
