package io.openedge.host;

import io.openedge.system.CpuStats;
import io.openedge.system.DiskStats;
import io.openedge.system.GpuStats;
import io.openedge.system.Hardware;
import io.openedge.system.HostInfo;
import io.openedge.system.MemStats;
import io.openedge.system.NetStats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.util.GlobalConfig;

/** Takes samples of the hardware; a part that cannot be read carries why. One thread. */
final class Sampling {
    /** A program is started for them, which may take a second: less often than the rest. */
    private static final Duration GPU_PERIOD = Duration.ofSeconds(30);

    private static final Duration GPU_LIMIT = Duration.ofSeconds(5);

    private final Disk disk;
    private final NvidiaSmi nvidia;
    private final Host host = new Host(Path.of("/"));
    private final Processors processors = new Processors();
    private GpuStats gpus = GpuStats.UNKNOWN;
    private @Nullable Instant gpusRead;
    private @Nullable SystemInfo system;

    Sampling(Path workDirectory, String searchPath) {
        this.disk = new Disk(workDirectory);
        this.nvidia = new NvidiaSmi(searchPath, GPU_LIMIT);
    }

    /** A look at a part. */
    @FunctionalInterface
    interface Look<T> {
        T read() throws IOException, InterruptedException;
    }

    /** All but the graphics processors, which are those of the sample before. */
    Hardware hardware(Instant now) throws InterruptedException {
        return new Hardware(
                part(() -> host.read(now, system()), why -> hostError(now, why)),
                part(() -> Network.read(now), why -> new NetStats(now, List.of(), why)),
                part(() -> Memory.read(now, system()), why -> new MemStats(now, 0, 0, 0, 0, 0, 0, 0, 0, why)),
                part(() -> processors.read(now, system()), why -> new CpuStats(now, 0, List.of(), why)),
                part(() -> disk.read(now), why -> diskError(now, why)),
                gpus);
    }

    /** Asks for the graphics processors when it is time to; may take as long as the program is given. */
    Hardware withGpus(Hardware hardware, Instant now) throws InterruptedException {
        if (gpusRead == null || Duration.between(gpusRead, now).abs().compareTo(GPU_PERIOD) >= 0) {
            gpusRead = now;
            gpus = part(() -> nvidia.read(now), why -> new GpuStats(now, List.of(), why));
        }
        return new Hardware(
                hardware.hostStats(),
                hardware.netStats(),
                hardware.memStats(),
                hardware.cpuStats(),
                hardware.diskStats(),
                gpus);
    }

    /** Made on this thread with the first sample: it loads OSHI. udev would only name disks, which nobody asks for. */
    private SystemInfo system() {
        if (system == null) {
            GlobalConfig.set(GlobalConfig.OSHI_OS_LINUX_ALLOWUDEV, false);
            system = new SystemInfo();
        }
        return system;
    }

    private static HostInfo hostError(Instant now, String why) {
        return new HostInfo(now, "", 0, 0, 0, "", "", "", "", "", "", why);
    }

    private DiskStats diskError(Instant now, String why) {
        return new DiskStats(now, disk.path().toString(), "", 0, 0, 0, 0, 0, 0, 0, 0, why);
    }

    /** A native library that cannot be loaded shows itself as one of many errors of linking. */
    static <T> T part(Look<T> look, Function<String, T> failed) throws InterruptedException {
        try {
            return look.read();
        } catch (IOException | RuntimeException | LinkageError e) {
            return failed.apply(Optional.ofNullable(e.getMessage())
                    .filter(text -> !text.isBlank())
                    .orElseGet(e::toString));
        }
    }
}
