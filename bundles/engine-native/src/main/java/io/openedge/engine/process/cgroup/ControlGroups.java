package io.openedge.engine.process.cgroup;

import io.openedge.app.Resources;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes control groups below the gateway's own, as far as this user may: one for each run, which knows its processes, and
 * limits where a controller for them can be had. Thread rule: any thread.
 */
public final class ControlGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ControlGroups.class);
    /** Of version 1, to know the members: where nothing but that happens, when there is one. */
    private static final List<String> TO_COUNT = List.of("freezer", "pids", "name=systemd", "memory", "cpu");

    private final List<Hierarchy> hierarchies;
    private final String name;
    private final Optional<Hierarchy> members;

    /**
     * @param root of the file system: / or a made one
     * @param gateway names the gateway: two of them may share a group
     */
    public ControlGroups(Path root, String gateway) {
        this.hierarchies = Hierarchy.of(root);
        this.name = "openedge-" + gateway;
        close(); // empty ones that a gateway left that was killed
        this.members = toCount().filter(this::canMake);
    }

    private Optional<Hierarchy> toCount() {
        Optional<Hierarchy> unified = hierarchies.stream()
                .filter(Hierarchy::unified)
                .filter(this::canMake)
                .findFirst();
        return unified.isPresent()
                ? unified
                : TO_COUNT.stream()
                        .flatMap(word -> hierarchies.stream()
                                .filter(one ->
                                        !one.unified() && one.controllers().contains(word)))
                        .findFirst();
    }

    private boolean canMake(Hierarchy hierarchy) {
        try {
            makeFolder(hierarchy.own().resolve(name));
            return true;
        } catch (IOException e) {
            LOG.debug("no control groups below {}: {}", hierarchy.own(), e.toString());
            return false;
        }
    }

    /** Whether each run has a group that knows its processes. */
    public boolean available() {
        return members.isPresent();
    }

    /** The keys of application.yml that no controller here holds. */
    public Set<String> notHeld(Resources resources) {
        Set<String> keys = new LinkedHashSet<>();
        Set<String> held = new LinkedHashSet<>();
        limits(resources).values().forEach(limits -> limits.forEach(limit -> held.add(limit.key())));
        for (LimitFile limit : LimitFile.of(resources, true)) {
            if (!held.contains(limit.key())) {
                keys.add(limit.key());
            }
        }
        return keys;
    }

    /** The limits by the tree that can hold them; makes the controllers ready. */
    private Map<Hierarchy, List<LimitFile>> limits(Resources resources) {
        Map<Hierarchy, List<LimitFile>> limits = new LinkedHashMap<>();
        for (Hierarchy hierarchy : hierarchies) {
            List<LimitFile> here = LimitFile.of(resources, hierarchy.unified()).stream()
                    .filter(limit -> hierarchy.controllers().contains(limit.controller()))
                    .toList();
            Set<String> needed = here.stream().map(LimitFile::controller).collect(Collectors.toSet());
            if (!here.isEmpty() && canMake(hierarchy) && isReady(hierarchy, needed)) {
                limits.put(hierarchy, here);
            }
        }
        return limits;
    }

    private boolean isReady(Hierarchy hierarchy, Set<String> controllers) {
        if (!hierarchy.unified()) {
            return true;
        }
        String words = controllers.stream().sorted().map(word -> "+" + word).collect(Collectors.joining(" "));
        try {
            enable(hierarchy.own(), words);
            new GroupFolder(hierarchy.own().resolve(name)).write("cgroup.subtree_control", words);
            return true;
        } catch (IOException e) {
            LOG.debug("{} below {} cannot be had: {}", words, hierarchy.own(), e.toString());
            return false;
        }
    }

    /** A group of version 2 has either processes or controllers for those below: the gateway itself moves down. */
    static void enable(Path own, String words) throws IOException {
        GroupFolder group = new GroupFolder(own);
        try {
            group.write("cgroup.subtree_control", words);
        } catch (IOException busy) {
            makeRoom(own);
            group.write("cgroup.subtree_control", words);
        }
    }

    private static void makeRoom(Path own) throws IOException {
        List<Long> inside = new ArrayList<>();
        for (String line : Files.readAllLines(own.resolve("cgroup.procs"))) {
            inside.add(Long.valueOf(line.strip()));
        }
        ProcessHandle self = ProcessHandle.current();
        Set<Long> ours = self.descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
        ours.add(self.pid());
        if (!ours.containsAll(inside)) {
            throw new IOException("others are in the group " + own);
        }
        GroupFolder below = new GroupFolder(makeFolder(own.resolve(Hierarchy.GATEWAY)));
        for (long pid : inside) {
            below.enter(pid);
        }
    }

    /**
     * Makes the group of a run and puts its first process in.
     *
     * @param run names it, unique in the gateway
     * @param pid of a process that has not started any other yet
     * @return empty when there are none here
     * @throws IOException when it does not work this time; nothing is left
     */
    public Optional<ControlGroup> enter(String run, long pid, Resources resources) throws IOException {
        if (members.isEmpty()) {
            return Optional.empty();
        }
        Map<Hierarchy, List<LimitFile>> all = new LinkedHashMap<>();
        all.put(members.get(), List.of());
        all.putAll(limits(resources));
        List<GroupFolder> made = new ArrayList<>();
        try {
            for (Map.Entry<Hierarchy, List<LimitFile>> one : all.entrySet()) {
                GroupFolder folder = new GroupFolder(
                        makeFolder(one.getKey().own().resolve(name).resolve(run)));
                made.add(folder);
                for (LimitFile limit : one.getValue()) {
                    write(folder, limit);
                }
                folder.enter(pid);
            }
            return Optional.of(new ControlGroup(made));
        } catch (IOException e) {
            new ControlGroup(made).remove();
            throw e;
        }
    }

    private static void write(GroupFolder folder, LimitFile limit) {
        try {
            folder.write(limit.file(), limit.value());
        } catch (IOException e) { // an older kernel, or one without swap accounting
            if (limit.file().equals(LimitFile.TOGETHER)) {
                LOG.debug("{}: {}", limit.file(), e.toString());
                return;
            }
            LOG.warn("{} is not held: {} in {}: {}", limit.key(), limit.value(), limit.file(), e.toString());
        }
    }

    private static Path makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException meanwhile) {
                LOG.trace("{} was made meanwhile", folder);
            }
        }
        return folder;
    }

    /** Removes the groups of this gateway that are empty. */
    public void close() {
        hierarchies.forEach(hierarchy -> new GroupFolder(hierarchy.own().resolve(name)).remove());
    }
}
