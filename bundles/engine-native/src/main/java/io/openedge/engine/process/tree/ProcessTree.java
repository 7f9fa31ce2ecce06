package io.openedge.engine.process.tree;

import io.openedge.engine.process.cgroup.GroupFolder;
import io.openedge.engine.process.tree.ProcessTable.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All processes of one run: the first one, what descends from it, its session, its control group, and what bears the
 * run's marks in its environment. A number alone is never enough: it may belong to a stranger by now.
 *
 * <p>Thread rule: any thread.
 */
public final class ProcessTree {
    private final ProcessTable table;
    private final RunFile run;
    private final Optional<GroupFolder> group;
    private final Set<String> marks;
    /** Who was one of ours stays so, whatever becomes of its parents. */
    private volatile Set<ProcessTable.Id> known = Set.of();

    private volatile long firstEnded = -1; // clock ticks since the kernel's boot

    /** @param table of this host */
    public ProcessTree(ProcessTable table, RunFile run) {
        this(table, run, run.groups().stream().findFirst().map(GroupFolder::new), run.marks());
    }

    private ProcessTree(ProcessTable table, RunFile run, Optional<GroupFolder> group, Set<String> marks) {
        this.table = table;
        this.run = run;
        this.group = group;
        this.marks = marks;
    }

    /** Only what descends from the first process, and its session: for a command beside the run's own processes. */
    public static ProcessTree ofCommand(ProcessTable table, RunFile command) {
        return new ProcessTree(table, command, Optional.empty(), Set.of());
    }

    /** The first process has ended, just now. */
    public void firstEnded() {
        firstEnded = table.now();
    }

    /** Those that live now. */
    public List<Entry> members() {
        return group.isPresent() ? inGroup(group.get()) : found();
    }

    /** Members without a parent among them: the first process, and those whose parent has ended. */
    public List<Entry> roots() {
        List<Entry> members = members();
        Set<Long> pids = new HashSet<>();
        members.forEach(member -> pids.add(member.pid()));
        return members.stream()
                .filter(member -> !pids.contains(member.parent()))
                .toList();
    }

    /** The kernel keeps the list: nothing leaves it by ending its parent or leaving its session. */
    private List<Entry> inGroup(GroupFolder folder) {
        List<Entry> members = new ArrayList<>();
        for (long pid : folder.pids()) {
            table.find(pid).filter(entry -> !entry.dead()).ifPresent(members::add);
        }
        return members;
    }

    private List<Entry> found() {
        Map<Long, Entry> living = new HashMap<>();
        table.all().stream()
                .filter(entry -> !entry.dead() && entry.started() >= run.started())
                .filter(entry -> entry.pid() != ProcessHandle.current().pid())
                .forEach(entry -> living.put(entry.pid(), entry));
        Map<Long, Entry> members = new HashMap<>();
        Predicate<Entry> ours = isOurs().or(entry -> known.contains(entry.id()));
        living.values().stream().filter(ours).forEach(entry -> members.put(entry.pid(), entry));
        addDescendants(living, members);
        known = members.values().stream().map(Entry::id).collect(Collectors.toUnmodifiableSet());
        return List.copyOf(members.values());
    }

    private Predicate<Entry> isOurs() {
        Optional<Entry> first = table.find(run.pid());
        boolean firstIsThere =
                first.filter(entry -> entry.started() == run.started()).isPresent();
        Predicate<Entry> marked = entry -> !marks.isEmpty() && table.hasVariables(entry.pid(), marks);
        if (firstIsThere) {
            return entry ->
                    entry.pid() == run.pid() || run.ownSession() && entry.session() == run.pid() || marked.test(entry);
        }
        // The number of a session is not used again while a process of it lives: a stranger of that number means that
        // ours is gone. Without one the session is ours as far as it was there when our first process ended; what came
        // later may be a later stranger's: only marks tell.
        boolean sessionMayLive = run.ownSession() && first.isEmpty();
        return entry ->
                sessionMayLive && entry.session() == run.pid() && entry.started() <= firstEnded || marked.test(entry);
    }

    private static void addDescendants(Map<Long, Entry> living, Map<Long, Entry> members) {
        boolean more = !members.isEmpty();
        while (more) {
            more = false;
            for (Entry entry : living.values()) {
                if (members.containsKey(entry.parent()) && members.putIfAbsent(entry.pid(), entry) == null) {
                    more = true;
                }
            }
        }
    }

    /** SIGTERM to all. */
    public void terminate() {
        members().forEach(member -> handle(member).ifPresent(ProcessHandle::destroy));
    }

    /** SIGKILL to all; those that were just being born may need another. */
    public void kill() {
        if (group.isPresent() && group.get().kill()) {
            return;
        }
        members().forEach(member -> handle(member).ifPresent(ProcessHandle::destroyForcibly));
    }

    /**
     * The process itself, whatever becomes of its number: a handle knows when its process began and signals no other.
     * It is the one that was meant when the number still is at the same start after the handle was made.
     */
    public Optional<ProcessHandle> handle(Entry member) {
        return ProcessHandle.of(member.pid())
                .filter(handle -> table.find(member.pid())
                        .filter(now -> now.started() == member.started())
                        .isPresent());
    }
}
