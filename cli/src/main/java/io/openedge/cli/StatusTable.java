package io.openedge.cli;

import io.openedge.system.Inspect;
import io.openedge.system.InstanceStatus;
import io.openedge.system.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An Inspect as a table of at most 80 columns; what an instance has to say stands below its line. Stateless. */
final class StatusTable {
    static final int WIDTH = 80;

    private static final String ROW = "%-16s %-20s %-10s %6s %8s %6s %7s";

    private StatusTable() {}

    static List<String> lines(Inspect inspect) {
        List<String> lines = new ArrayList<>();
        lines.addAll(wrap(
                "",
                "openedge " + inspect.software().binVersion() + ", mode "
                        + inspect.software().mode() + version(inspect) + ", "
                        + inspect.software().pwd()));
        if (!inspect.error().isEmpty()) {
            lines.addAll(wrap("", "error: " + inspect.error()));
        }
        lines.add(String.format(ROW, "SERVICE", "INSTANCE", "STATE", "SINCE", "RESTARTS", "CPU", "MEMORY"));
        for (ServiceStatus service : inspect.services()) {
            if (service.instances().isEmpty()) {
                lines.add(fit(service.name(), 16));
            }
            for (InstanceStatus instance : service.instances()) {
                lines.add(row(service, instance, inspect.time()));
                if (!instance.reason().isEmpty()) {
                    lines.addAll(wrap("    ", instance.reason()));
                }
            }
        }
        return lines.stream().map(String::stripTrailing).toList();
    }

    /** 5s, 12m, 3h07m, 4d03h: at most six columns for thousands of days. */
    static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m";
        }
        if (seconds < 86400) {
            return String.format("%dh%02dm", seconds / 3600, seconds / 60 % 60);
        }
        return seconds < 8640000
                ? String.format("%dd%02dh", seconds / 86400, seconds / 3600 % 24)
                : seconds / 86400 + "d";
    }

    /** 512, 1.5k, 64M: powers of 1024, at most six columns. */
    static String bytes(long bytes) {
        String units = "kMGTPE";
        double value = bytes;
        int unit = -1;
        while (value >= 1000 && unit < units.length() - 1) {
            value /= 1024;
            unit++;
        }
        if (unit < 0) {
            return Long.toString(bytes);
        }
        return String.format(Locale.ROOT, value < 10 ? "%.1f%c" : "%.0f%c", value, units.charAt(unit));
    }

    private static String row(ServiceStatus service, InstanceStatus instance, Instant now) {
        boolean started = !instance.startTime().equals(Instant.EPOCH);
        double cpu = instance.cpuStats().usedPercent();
        long memory = instance.memStats().used();
        return String.format(
                ROW,
                fit(service.name(), 16),
                fit(instance.name(), 20),
                instance.status().word(),
                started ? span(Duration.between(instance.startTime(), now)) : "-",
                instance.restarts(),
                cpu > 0 ? String.format(Locale.ROOT, "%.1f%%", cpu) : "-",
                memory > 0 ? bytes(memory) : "-");
    }

    private static String version(Inspect inspect) {
        String version = inspect.software().confVersion();
        return version.isEmpty() ? "" : ", application " + version;
    }

    private static String fit(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "~";
    }

    private static List<String> wrap(String indent, String text) {
        List<String> lines = new ArrayList<>();
        String rest = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        int width = WIDTH - indent.length();
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int end = space > 0 ? space : width;
            lines.add(indent + rest.substring(0, end));
            rest = rest.substring(end).strip();
        }
        lines.add(indent + rest);
        return lines;
    }
}
