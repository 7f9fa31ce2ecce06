package io.openedge.host;

import io.openedge.system.CpuStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor.TickType;

/** How busy the processors were since the sample before; with the first, since boot. One thread. */
final class Processors {
    private long[][] before = {};

    CpuStats read(Instant now, SystemInfo system) {
        long[][] ticks = system.getHardware().getProcessor().getProcessorCpuLoadTicks();
        List<CpuStats.Cpu> cpus = new ArrayList<>();
        long used = 0;
        long all = 0;
        for (int i = 0; i < ticks.length; i++) {
            long[] since = ticks.length == before.length ? before[i] : new long[ticks[i].length];
            long total = total(ticks[i]) - total(since);
            long busy = total - (idle(ticks[i]) - idle(since));
            cpus.add(new CpuStats.Cpu(percent(busy, total)));
            used += busy;
            all += total;
        }
        before = ticks;
        return new CpuStats(now, percent(used, all), cpus, "");
    }

    /** The kernel's counters of idle time may step back a little. */
    private static double percent(long busy, long total) {
        return Math.min(100, Math.max(0, Memory.percent(busy, total)));
    }

    private static long total(long[] ticks) {
        long sum = 0;
        for (long type : ticks) {
            sum += type;
        }
        return sum;
    }

    private static long idle(long[] ticks) {
        return ticks[TickType.IDLE.getIndex()] + ticks[TickType.IOWAIT.getIndex()];
    }
}
