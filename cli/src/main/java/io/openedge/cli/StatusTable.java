package io.openedge.cli;

import io.openedge.system.Hardware;
import io.openedge.system.Inspect;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import io.openedge.system.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An Inspect as a table of at most 80 columns; what instances have to say stands below it. Stateless. */
final class StatusTable {
    static final int WIDTH = 80;

    private static final int SERVICE = 16;
    private static final int INSTANCE = 20;
    private static final String ROW = "%-16s %-20s %s %6s %8s %6s %7s";
    private static final String MORE = "…";

    private StatusTable() {}

    static List<String> lines(Inspect inspect, boolean colour) {
        List<String> lines = new ArrayList<>();
        lines.addAll(wrap(
                "openedge " + inspect.software().binVersion() + ", mode "
                        + inspect.software().mode() + version(inspect) + ", "
                        + inspect.software().pwd(),
                ""));
        String hardware = hardware(inspect.hardware());
        if (!hardware.isEmpty()) {
            lines.add(hardware);
        }
        if (!inspect.error().isEmpty()) {
            lines.addAll(wrap("error: " + inspect.error(), "    "));
        }
        if (!inspect.update().phase().isEmpty()) {
            lines.addAll(wrap(
                    "update to " + inspect.update().version() + ": "
                            + inspect.update().phase(),
                    "    "));
        }
        lines.add(String.format(
                Locale.ROOT, ROW, "SERVICE", "INSTANCE", "STATE     ", "SINCE", "RESTARTS", "CPU", "MEMORY"));
        List<String> reasons = new ArrayList<>();
        for (ServiceStatus service : inspect.services()) {
            if (service.instances().isEmpty()) {
                lines.add(service(service.name()));
            }
            for (InstanceStatus instance : service.instances()) {
                lines.add(row(service, instance, inspect.time(), colour));
                if (!instance.reason().isEmpty()) {
                    reasons.addAll(wrap(instance.name() + ": " + instance.reason(), "    "));
                }
            }
        }
        if (!reasons.isEmpty()) {
            lines.add("");
            lines.addAll(reasons);
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
            return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
        }
        return seconds < 8640000
                ? String.format(Locale.ROOT, "%dd%02dh", seconds / 86400, seconds / 3600 % 24)
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

    /** A long name keeps both ends: names of one family differ in either. */
    private static String service(String name) {
        int tail = SERVICE / 2;
        return name.length() <= SERVICE
                ? name
                : name.substring(0, SERVICE - tail - 1) + MORE + name.substring(name.length() - tail);
    }

    /** A name that does not fit loses its service's, which stands beside it, and then more of its start. */
    private static String instance(String service, String name) {
        if (name.length() <= INSTANCE) {
            return name;
        }
        String own = name.startsWith(service + ".") ? name.substring(service.length()) : name;
        return MORE + own.substring(Math.max(0, own.length() - INSTANCE + 1));
    }

    private static String row(ServiceStatus service, InstanceStatus instance, Instant now, boolean colour) {
        boolean started = !instance.startTime().equals(Instant.EPOCH);
        double cpu = instance.cpuStats().usedPercent();
        long memory = instance.memStats().used();
        return String.format(
                Locale.ROOT,
                ROW,
                service(service.name()),
                instance(service.name(), instance.name()),
                state(instance.status(), colour),
                started ? span(Duration.between(instance.startTime(), now)) : "-",
                instance.restarts(),
                cpu > 0 ? percent(cpu) : "-",
                memory > 0 ? bytes(memory) : "-");
    }

    private static String state(InstanceState state, boolean colour) {
        String word = String.format(Locale.ROOT, "%-10s", state.word());
        if (!colour) {
            return word;
        }
        int code = switch (state) {
            case RUNNING -> 32;
            case PENDING, RESTARTING -> 33;
            case FAILED -> 31;
            case STOPPED -> 2;
        };
        return "\u001b[" + code + "m" + word + "\u001b[0m";
    }

    private static String hardware(Hardware hardware) {
        List<String> parts = new ArrayList<>();
        int cores = hardware.cpuStats().cpus().size();
        if (cores > 0) {
            parts.add("cpu " + percent(hardware.cpuStats().usedPercent()) + " of " + cores + " cores");
        }
        if (hardware.memStats().total() > 0) {
            parts.add("memory " + bytes(hardware.memStats().used()) + " of "
                    + bytes(hardware.memStats().total()));
        }
        if (hardware.diskStats().total() > 0) {
            parts.add("disk " + bytes(hardware.diskStats().used()) + " of "
                    + bytes(hardware.diskStats().total()));
        }
        return String.join(", ", parts);
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f%%", value);
    }

    private static String version(Inspect inspect) {
        String version = inspect.software().confVersion();
        return version.isEmpty() ? "" : ", application " + version;
    }

    /** @param indent of all lines but the first */
    private static List<String> wrap(String text, String indent) {
        List<String> lines = new ArrayList<>();
        String rest = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        String before = "";
        while (before.length() + rest.length() > WIDTH) {
            int width = WIDTH - before.length();
            int space = rest.lastIndexOf(' ', width);
            int end = space > 0 ? space : width;
            lines.add(before + rest.substring(0, end));
            rest = rest.substring(end).strip();
            before = indent;
        }
        lines.add(before + rest);
        return lines;
    }
}
