package io.openedge.host;

import io.openedge.system.MemStats;
import java.time.Instant;
import oshi.SystemInfo;
import oshi.hardware.GlobalMemory;
import oshi.hardware.VirtualMemory;

/** Memory. What the kernel would give to a program, caches included, is free. Stateless. */
final class Memory {
    private Memory() {}

    static MemStats read(Instant now, SystemInfo system) {
        GlobalMemory memory = system.getHardware().getMemory();
        VirtualMemory virtual = memory.getVirtualMemory();
        long total = memory.getTotal();
        long free = memory.getAvailable();
        long swapTotal = virtual.getSwapTotal();
        long swapUsed = virtual.getSwapUsed();
        return new MemStats(
                now,
                total,
                free,
                total - free,
                percent(total - free, total),
                swapTotal,
                swapTotal - swapUsed,
                swapUsed,
                percent(swapUsed, swapTotal),
                "");
    }

    static double percent(double part, double whole) {
        return whole > 0 ? Math.round(part / whole * 10000) / 100.0 : 0;
    }
}
