package io.openedge.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oshi.software.os.linux.LinuxOperatingSystem;

/**
 * All processes of the host at one moment, with what /proc/PID/stat says: one small file a process, some 15 microseconds.
 * OSHI reads five and keeps their texts. Immutable; any thread.
 *
 * @param uptime of the host at that moment. Unit: seconds
 */
record ProcessTable(double uptime, Map<Long, Entry> entries, Map<Long, List<Entry>> byParent) {
    static final ProcessTable EMPTY = new ProcessTable(0, Map.of(), Map.of());
    private static final Path PROC = Path.of("/proc");

    /**
     * A process.
     *
     * @param started after boot, which tells two with the same pid apart. Unit: seconds
     * @param seconds of processor time
     * @param bytes resident; pages shared with others count in each
     */
    record Entry(long pid, long parent, double started, double seconds, long bytes) {}

    static ProcessTable read() throws IOException {
        double hz = LinuxOperatingSystem.getHz();
        long page = LinuxOperatingSystem.getPageSize();
        Map<Long, Entry> entries = new HashMap<>();
        Map<Long, List<Entry>> byParent = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                stat(process).map(stat -> entry(process, stat, hz, page)).ifPresent(entry -> {
                    entries.put(entry.pid(), entry);
                    byParent.computeIfAbsent(entry.parent(), parent -> new ArrayList<>())
                            .add(entry);
                });
            }
        }
        String uptime = Files.readString(PROC.resolve("uptime"));
        return new ProcessTable(
                Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))),
                Map.copyOf(entries),
                Map.copyOf(byParent));
    }

    /** The fields after the name, which may hold anything; empty when the process has ended meanwhile. */
    private static Optional<String[]> stat(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), ISO_8859_1);
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** proc(5) counts its fields from 1, and the first two are cut off here. */
    private static Entry entry(Path process, String[] stat, double hz, long page) {
        return new Entry(
                Long.parseLong(process.getFileName().toString()),
                Long.parseLong(stat[4 - 3]),
                Long.parseLong(stat[22 - 3]) / hz,
                (Long.parseLong(stat[14 - 3]) + Long.parseLong(stat[15 - 3])) / hz,
                Long.parseLong(stat[24 - 3]) * page);
    }

    Optional<Entry> find(long pid) {
        return Optional.ofNullable(entries.get(pid));
    }

    /** The same process in this table. */
    Optional<Entry> same(Entry other) {
        return find(other.pid()).filter(entry -> entry.started() == other.started());
    }

    List<Entry> children(long pid) {
        return byParent.getOrDefault(pid, List.of());
    }

    int size() {
        return entries.size();
    }

    double age(Entry entry) {
        return uptime - entry.started();
    }
}
