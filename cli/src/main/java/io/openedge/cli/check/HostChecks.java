package io.openedge.cli.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java, clock and memory. Stateless. */
public final class HostChecks {
    /** No gateway of this kind is older: a clock before that was never set. */
    private static final Instant OLDEST = Instant.parse("2020-01-01T00:00:00Z");

    private static final int JAVA = 17;
    private static final long MEGABYTE = 1 << 20;
    private static final long LEAST_MEMORY = 128 * MEGABYTE;
    private static final long NEEDED_MEMORY = 160 * MEGABYTE;

    private HostChecks() {}

    /** Whether a clock that says this cannot be right. */
    public static boolean neverSet(Instant now) {
        return now.isBefore(OLDEST);
    }

    static void java(Subject subject, Report report) {
        String found = "Java " + System.getProperty("java.version") + " in " + System.getProperty("java.home");
        if (Runtime.version().feature() < JAVA) {
            report.fail("java", found, "install Java " + JAVA + " or later, or name one in JAVA_HOME");
        } else {
            report.ok("java", found);
        }
    }

    static void clock(Subject subject, Report report) {
        Instant now = subject.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        if (neverSet(now)) {
            report.fail(
                    "clock", "the clock says " + now, "set it: certificates are not valid yet, and times are wrong");
        } else {
            report.ok("clock", "the clock says " + now);
        }
    }

    static void memory(Subject subject, Report report) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/meminfo"));
        long total = Math.min(kilobytes("MemTotal", lines), limit(Path.of("/sys/fs/cgroup/memory.max")));
        memory(
                total,
                Math.min(total, kilobytes("MemAvailable", lines)),
                subject.running().isPresent(),
                report);
    }

    static void memory(long total, long available, boolean running, Report report) {
        String found = available / MEGABYTE + " MB of " + total / MEGABYTE + " MB are available";
        if (total < LEAST_MEMORY) {
            report.fail("memory", found, "a gateway needs " + LEAST_MEMORY / MEGABYTE + " MB at least");
        } else if (!running && available < NEEDED_MEMORY) {
            report.warn("memory", found, "a gateway with a few services takes " + NEEDED_MEMORY / MEGABYTE + " MB");
        } else {
            report.ok("memory", found);
        }
    }

    private static long kilobytes(String key, List<String> lines) throws IOException {
        Pattern form = Pattern.compile(key + ":\\s+(\\d+) kB");
        for (String line : lines) {
            Matcher matcher = form.matcher(line);
            if (matcher.matches()) {
                return Long.parseLong(matcher.group(1)) << 10;
            }
        }
        throw new IOException("/proc/meminfo does not say " + key);
    }

    /** Of the control group that this process is in, as in a container. */
    private static long limit(Path file) throws IOException {
        String text = Files.isReadable(file) ? Files.readString(file).strip() : "max";
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : Long.MAX_VALUE;
    }
}
