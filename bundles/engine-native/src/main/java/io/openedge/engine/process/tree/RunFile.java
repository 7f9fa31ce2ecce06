package io.openedge.engine.process.tree;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What finds the processes of a run again: written before any code of the service runs. Immutable.
 *
 * @param service name of the service
 * @param instance name of the instance
 * @param pid of the first process
 * @param started of the first process, in clock ticks since the kernel's boot
 * @param bootId names the kernel's run
 * @param ownSession whether the first process leads a session that holds nothing else
 * @param api address of the gateway's API: with the names it marks the environment of the run's processes
 * @param graceMillis how long they may take to stop
 * @param groups folders of the run's control groups, the one that counts its members first
 */
public record RunFile(
        String service,
        String instance,
        long pid,
        long started,
        String bootId,
        boolean ownSession,
        String api,
        long graceMillis,
        List<Path> groups) {
    public RunFile {
        groups = List.copyOf(groups);
    }

    /** What every process of the run has in its environment, unless it made itself another. */
    Set<String> marks() {
        return Set.of(
                "OPENEDGE_SERVICE_NAME=" + service,
                "OPENEDGE_SERVICE_INSTANCE_NAME=" + instance,
                "OPENEDGE_MASTER_API=" + api);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("service=" + service);
        lines.add("instance=" + instance);
        lines.add("pid=" + pid);
        lines.add("started=" + started);
        lines.add("boot=" + bootId);
        lines.add("session=" + ownSession);
        lines.add("api=" + api);
        lines.add("grace=" + graceMillis);
        groups.forEach(group -> lines.add("group=" + group));
        return lines;
    }

    /** Empty when a line is missing or is none of ours. */
    static Optional<RunFile> parse(List<String> lines) {
        Map<String, String> values = new LinkedHashMap<>();
        List<Path> groups = new ArrayList<>();
        for (String line : lines) {
            int sign = line.indexOf('=');
            String key = sign < 0 ? "" : line.substring(0, sign);
            if (key.equals("group")) {
                groups.add(Path.of(line.substring(sign + 1)));
            } else {
                values.put(key, line.substring(sign + 1));
            }
        }
        if (!values.keySet()
                .containsAll(Set.of("service", "instance", "pid", "started", "boot", "session", "api", "grace"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RunFile(
                    values.get("service"),
                    values.get("instance"),
                    Long.parseLong(values.get("pid")),
                    Long.parseLong(values.get("started")),
                    values.get("boot"),
                    Boolean.parseBoolean(values.get("session")),
                    values.get("api"),
                    Long.parseLong(values.get("grace")),
                    groups));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
