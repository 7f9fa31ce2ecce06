package io.openedge.system;

import java.time.Instant;

/**
 * The host itself. Immutable.
 *
 * @param time of the look
 * @param hostname as the kernel says it
 * @param uptime seconds since boot
 * @param bootTime Unix seconds
 * @param processNum number of processes
 * @param os kernel, for example linux
 * @param platform distribution
 * @param platformFamily its family
 * @param platformVersion its version
 * @param kernelVersion release of the kernel
 * @param hostId machine id
 * @param error why the part could not be read
 */
public record HostInfo(
        Instant time,
        String hostname,
        long uptime,
        long bootTime,
        long processNum,
        String os,
        String platform,
        String platformFamily,
        String platformVersion,
        String kernelVersion,
        String hostId,
        String error) {
    /** Not known. */
    public static final HostInfo UNKNOWN = new HostInfo(Instant.EPOCH, "", 0, 0, 0, "", "", "", "", "", "", "");
}
