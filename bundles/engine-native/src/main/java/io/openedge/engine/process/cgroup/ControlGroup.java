package io.openedge.engine.process.cgroup;

import java.nio.file.Path;
import java.util.List;

/**
 * The group of one run, in one tree or several. Immutable; any thread.
 *
 * @param folders the one that counts the members first
 */
public record ControlGroup(List<GroupFolder> folders) {
    public ControlGroup {
        folders = List.copyOf(folders);
    }

    /** Where it is, to be found again. */
    public List<Path> paths() {
        return folders.stream().map(GroupFolder::path).toList();
    }

    /** Another process of the run. */
    public void enter(long pid) throws java.io.IOException {
        for (GroupFolder folder : folders) {
            folder.enter(pid);
        }
    }

    /** How many of its processes the kernel has killed for want of memory. */
    public long killedForMemory() {
        return folders.stream()
                .mapToLong(folder ->
                        folder.number("memory.events", "oom_kill") + folder.number("memory.oom_control", "oom_kill"))
                .sum();
    }

    /** Once its processes are gone. */
    public void remove() {
        folders.forEach(GroupFolder::remove);
    }
}
