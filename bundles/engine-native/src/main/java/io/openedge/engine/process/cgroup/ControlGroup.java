package io.openedge.engine.process.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The group of one run, in one tree or several. Immutable; any thread.
 *
 * @param folders the one that counts the members first
 */
public record ControlGroup(List<GroupFolder> folders) {
    private static final int TRIES = 10;
    private static final long PAUSE_NANOS = 2_000_000;

    public ControlGroup {
        folders = List.copyOf(folders);
    }

    /** Where it is, to be found again. */
    public List<Path> paths() {
        return folders.stream().map(GroupFolder::path).toList();
    }

    /** Another process of the run. */
    public void enter(long pid) throws IOException {
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

    /** Once its processes are gone; the kernel may take a moment longer to see it. */
    public void remove() {
        for (GroupFolder folder : folders) {
            for (int tries = 0; !folder.remove() && tries < TRIES; tries++) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
