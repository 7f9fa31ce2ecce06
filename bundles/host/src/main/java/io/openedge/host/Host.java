package io.openedge.host;

import io.openedge.system.HostInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import oshi.SystemInfo;
import oshi.software.os.OperatingSystem;

/**
 * What the host is. Names come from files and the JVM: OSHI has the distribution only in words for people, and may start
 * lsb_release or ask DNS for the rest.
 */
final class Host {
    private final Path root;

    /** @param root of the file system, for /etc and /proc */
    Host(Path root) {
        this.root = root;
    }

    HostInfo read(Instant now, SystemInfo system) throws IOException {
        OperatingSystem os = system.getOperatingSystem();
        Distribution distribution = Distribution.of(root);
        return new HostInfo(
                now,
                line("proc/sys/kernel/hostname"),
                os.getSystemUptime(),
                os.getSystemBootTime(),
                os.getProcessCount(),
                System.getProperty("os.name").toLowerCase(Locale.ROOT),
                distribution.platform(),
                distribution.family(),
                distribution.version(),
                System.getProperty("os.version"),
                hostId(),
                "");
    }

    /** The machine id in groups, as Go's libraries write it; a host may have none. */
    String hostId() throws IOException {
        Path file = root.resolve("etc/machine-id");
        String id = Files.isReadable(file) ? line("etc/machine-id") : "";
        return id.replaceFirst(
                "^(\\p{XDigit}{8})(\\p{XDigit}{4})(\\p{XDigit}{4})(\\p{XDigit}{4})(\\p{XDigit}{12})$",
                "$1-$2-$3-$4-$5");
    }

    private String line(String path) throws IOException {
        return Files.readString(root.resolve(path)).strip();
    }
}
