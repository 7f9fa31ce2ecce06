package io.openedge.engine.process.cgroup;

import io.openedge.app.Resources;
import java.util.ArrayList;
import java.util.List;

/**
 * A limit as the kernel takes it: a file of a control group and what to write there. Immutable; any thread.
 *
 * @param key in application.yml
 * @param controller that holds it
 * @param file of version 2 or 1
 * @param value to write
 */
record LimitFile(String key, String controller, String file, String value) {
    /** One process of a tree that is out of memory takes the others with it; since Linux 4.19. */
    static final String TOGETHER = "memory.oom.group";

    private static final long PERIOD_MICROS = 100_000;

    /**
     * The limits of an instance, in the order in which they can be written.
     *
     * @param unified version 2
     */
    static List<LimitFile> of(Resources resources, boolean unified) {
        List<LimitFile> limits = new ArrayList<>();
        long memory = resources.memory().limit().bytes();
        long both = resources.memory().swap().bytes();
        if (memory > 0) {
            limits.add(new LimitFile(
                    "memory.limit", "memory", unified ? "memory.max" : "memory.limit_in_bytes", text(memory)));
            if (unified) {
                limits.add(new LimitFile("memory.limit", "memory", TOGETHER, "1"));
            }
        }
        if (both > 0) {
            limits.add(
                    unified
                            ? new LimitFile(
                                    "memory.swap", "memory", "memory.swap.max", text(Math.max(0, both - memory)))
                            : new LimitFile("memory.swap", "memory", "memory.memsw.limit_in_bytes", text(both)));
        }
        addCpus(resources.cpu().cpus(), unified, limits);
        if (resources.pids().limit() > 0) {
            limits.add(new LimitFile(
                    "pids.limit", "pids", "pids.max", text(resources.pids().limit())));
        }
        return limits;
    }

    private static void addCpus(double cpus, boolean unified, List<LimitFile> limits) {
        long quota = Math.max(1000, Math.round(cpus * PERIOD_MICROS)); // less is refused by the kernel
        if (cpus > 0 && unified) {
            limits.add(new LimitFile("cpu.cpus", "cpu", "cpu.max", quota + " " + PERIOD_MICROS));
        } else if (cpus > 0) {
            limits.add(new LimitFile("cpu.cpus", "cpu", "cpu.cfs_period_us", text(PERIOD_MICROS)));
            limits.add(new LimitFile("cpu.cpus", "cpu", "cpu.cfs_quota_us", text(quota)));
        }
    }

    private static String text(long number) {
        return Long.toString(number);
    }
}
