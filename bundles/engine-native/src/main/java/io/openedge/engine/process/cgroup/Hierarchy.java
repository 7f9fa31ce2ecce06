package io.openedge.engine.process.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One tree of control groups, as the gateway sees it: version 2 has one for everything, version 1 one for a controller or
 * several. A machine may have both. See cgroups(7) and proc(5). Immutable; any thread.
 *
 * @param unified whether it is version 2
 * @param controllers of it; of version 1 also the name of one without any
 * @param own folder of the group in which the gateway is
 */
record Hierarchy(boolean unified, Set<String> controllers, Path own) {
    /** The gateway's own processes go there when others need its group for themselves. */
    static final String GATEWAY = "openedge-gateway";

    private static final int ROOT = 3; // fields of a line of mountinfo
    private static final int POINT = 4;

    /**
     * What there is.
     *
     * @param root of the file system: / or a made one
     */
    static List<Hierarchy> of(Path root) {
        Map<String, String> groups = groups(lines(root.resolve("proc/self/cgroup")));
        List<Hierarchy> found = new ArrayList<>();
        for (String line : lines(root.resolve("proc/self/mountinfo"))) {
            mounted(root, line, groups).ifPresent(found::add);
        }
        return found;
    }

    /** The gateway's group by controllers, as the kernel writes them: {@code cpu,cpuacct}; empty: version 2. */
    private static Map<String, String> groups(List<String> lines) {
        Map<String, String> groups = new LinkedHashMap<>();
        for (String line : lines) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3) {
                groups.put(fields[1], fields[2]);
            }
        }
        return groups;
    }

    private static Optional<Hierarchy> mounted(Path root, String line, Map<String, String> groups) {
        String[] halves = line.split(" - ", 2);
        String[] place = halves[0].split(" ");
        if (halves.length < 2 || place.length <= POINT) {
            return Optional.empty();
        }
        String[] kind = halves[1].split(" ");
        boolean unified = kind[0].equals("cgroup2");
        if (!unified && !kind[0].equals("cgroup")) {
            return Optional.empty();
        }
        String key = unified ? "" : controllersOf(kind[kind.length - 1], groups);
        return Optional.ofNullable(groups.get(key))
                .map(group -> folder(root.resolve(place[POINT].substring(1)), place[ROOT], group))
                .filter(Files::isDirectory)
                .map(own -> new Hierarchy(unified, unified ? available(own) : Set.of(key.split(",")), own));
    }

    /** Mount options hold more than controllers: those that the gateway's list has, decide. */
    private static String controllersOf(String options, Map<String, String> groups) {
        Set<String> words = Set.of(options.split(","));
        return groups.keySet().stream()
                .filter(key -> !key.isEmpty() && words.containsAll(List.of(key.split(","))))
                .findFirst()
                .orElse("none");
    }

    /** In a container the group is named from the host's root, and only a part of the tree is mounted. */
    private static Path folder(Path point, String mountedPart, String group) {
        Path below = Path.of(group);
        Path part = Path.of(mountedPart);
        Path inside = below.startsWith(part) ? part.relativize(below) : Path.of(group.substring(1));
        Path folder = point.resolve(inside.toString());
        if (!Files.isDirectory(folder)) {
            folder = point;
        }
        return folder.endsWith(GATEWAY) ? folder.getParent() : folder;
    }

    private static Set<String> available(Path own) {
        return lines(own.resolve("cgroup.controllers")).stream()
                .findFirst()
                .map(line -> Set.of(line.strip().split(" ")))
                .orElse(Set.of());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException none) {
            return List.of();
        }
    }
}
