package io.openedge.system;

/** The host: what it is and how busy. Immutable; each part carries its own error when it cannot be read. */
public record Hardware(
        HostInfo hostStats,
        NetStats netStats,
        MemStats memStats,
        CpuStats cpuStats,
        DiskStats diskStats,
        GpuStats gpuStats) {
    /** Nothing known. */
    public static final Hardware UNKNOWN = new Hardware(
            HostInfo.UNKNOWN,
            NetStats.UNKNOWN,
            MemStats.UNKNOWN,
            CpuStats.UNKNOWN,
            DiskStats.UNKNOWN,
            GpuStats.UNKNOWN);
}
