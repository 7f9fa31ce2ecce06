package io.openedge.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.openedge.system.CpuStats;
import io.openedge.system.DiskStats;
import io.openedge.system.Hardware;
import io.openedge.system.HostInfo;
import io.openedge.system.MemStats;
import io.openedge.system.NetStats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is said of this host is what its own programs and files say. */
public class HostTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Hardware look() throws Exception {
        return new Sampling(folder.getRoot().toPath(), "").hardware(NOON);
    }

    @Test
    public void theHostIsNamedAsItsProgramsNameIt() throws Exception {
        HostInfo host = look().hostStats();

        assertThat(host.error()).isEmpty();
        assertThat(host.time()).isEqualTo(NOON);
        assertThat(host.hostname()).isEqualTo(said("uname", "-n"));
        assertThat(host.kernelVersion()).isEqualTo(said("uname", "-r"));
        assertThat(host.os()).isEqualTo("linux");
        assertThat(host.platform()).isNotEmpty();
        assertThat(host.uptime()).isCloseTo((long) uptime(), within(5L));
        assertThat(host.bootTime()).isCloseTo(Instant.now().getEpochSecond() - host.uptime(), within(10L));
        assertThat(host.processNum()).isPositive();
    }

    @Test
    public void theMachineIdIsWrittenInGroups() throws Exception {
        assertThat(new Host(folder.getRoot().toPath()).hostId()).isEmpty();
        Files.createDirectories(folder.getRoot().toPath().resolve("etc"));
        Files.writeString(folder.getRoot().toPath().resolve("etc/machine-id"), "0123456789abcdef0123456789abcdef\n");

        assertThat(new Host(folder.getRoot().toPath()).hostId()).isEqualTo("01234567-89ab-cdef-0123-456789abcdef");
    }

    @Test
    public void memoryIsTheKernels() throws Exception {
        MemStats memory = look().memStats();

        assertThat(memory.error()).isEmpty();
        assertThat(memory.total()).isEqualTo(kilobytes("MemTotal") * 1024);
        assertThat(memory.free()).isCloseTo(kilobytes("MemAvailable") * 1024, within(memory.total() / 10));
        assertThat(memory.used() + memory.free()).isEqualTo(memory.total());
        assertThat(memory.usedPercent()).isCloseTo(100.0 * memory.used() / memory.total(), within(0.1));
        assertThat(memory.swapTotal()).isEqualTo(kilobytes("SwapTotal") * 1024);
        assertThat(memory.swapUsed() + memory.swapFree()).isEqualTo(memory.swapTotal());
    }

    @Test
    public void eachProcessorIsBusyBetween0And100Percent() throws Exception {
        Sampling sampling = new Sampling(folder.getRoot().toPath(), "");
        for (int look = 0; look < 3; look++) {
            CpuStats cpu = sampling.hardware(NOON).cpuStats();

            assertThat(cpu.error()).isEmpty();
            assertThat(cpu.cpus()).hasSize(Integer.parseInt(said("nproc", "--all")));
            assertThat(cpu.usedPercent()).isBetween(0.0, 100.0);
            assertThat(cpu.cpus())
                    .allSatisfy(one -> assertThat(one.usedPercent()).isBetween(0.0, 100.0));
        }
    }

    @Test
    public void theDiskIsThatOfTheWorkDirectoryWithInodes() throws Exception {
        DiskStats disk = look().diskStats();
        String path = folder.getRoot().toString();

        assertThat(disk.error()).isEmpty();
        assertThat(disk.path()).isEqualTo(path);
        String[] blocks =
                said("df", "-B1", "--output=fstype,size,used,avail", path).split("\\s+");
        int values = blocks.length - 4;
        assertThat(disk.fstype()).isEqualTo(blocks[values]);
        assertThat(disk.total()).isEqualTo(Long.parseLong(blocks[values + 1]));
        assertThat(disk.used()).isCloseTo(Long.parseLong(blocks[values + 2]), within(disk.total() / 10));
        assertThat(disk.free()).isCloseTo(Long.parseLong(blocks[values + 3]), within(disk.total() / 10));
        assertThat(disk.usedPercent()).isBetween(0.0, 100.0);
        String[] inodes = said("df", "--output=itotal", path).split("\\s+");
        assertThat(disk.inodesTotal()).isEqualTo(Long.parseLong(inodes[inodes.length - 1]));
        assertThat(disk.inodesUsed() + disk.inodesFree()).isEqualTo(disk.inodesTotal());
    }

    @Test
    public void theLoopbackIsThereWithPrefixAndWithoutMac() throws Exception {
        NetStats net = look().netStats();

        assertThat(net.error()).isEmpty();
        assertThat(net.interfaces())
                .filteredOn(one -> one.name().equals("lo"))
                .singleElement()
                .satisfies(lo -> {
                    assertThat(lo.index()).isPositive();
                    assertThat(lo.mac()).isEmpty();
                    assertThat(lo.addrs()).contains(new NetStats.Address("ip+net", "127.0.0.1/8"));
                });
    }

    @Test
    public void aPartThatCannotBeReadSaysWhyAndTheOthersAreThere() throws Exception {
        Path missing = folder.getRoot().toPath().resolve("missing");

        Hardware hardware = new Sampling(missing, "").hardware(NOON);

        assertThat(hardware.diskStats().error()).contains(missing.toString());
        assertThat(hardware.diskStats().path()).isEqualTo(missing.toString());
        assertThat(hardware.diskStats().total()).isZero();
        assertThat(hardware.memStats().error()).isEmpty();
        assertThat(hardware.hostStats().error()).isEmpty();
    }

    @Test
    public void aLibraryThatCannotBeLoadedIsThePartsError() throws Exception {
        assertThat(Sampling.<String>part(
                        () -> {
                            throw new NoClassDefFoundError("Could not initialize class com.sun.jna.Native");
                        },
                        why -> why))
                .isEqualTo("Could not initialize class com.sun.jna.Native");
        assertThat(Sampling.<String>part(
                        () -> {
                            throw new IOException();
                        },
                        why -> why))
                .isEqualTo("java.io.IOException");
    }

    private static String said(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } finally {
            process.destroyForcibly();
        }
    }

    private static long kilobytes(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static double uptime() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
    }
}
