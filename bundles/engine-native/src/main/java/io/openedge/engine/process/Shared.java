package io.openedge.engine.process;

import io.openedge.directory.OutputLogs;
import io.openedge.engine.process.cgroup.ControlGroups;
import io.openedge.engine.process.tree.ProcessTable;
import io.openedge.engine.process.tree.RunFiles;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all instances of the engine share. Immutable.
 *
 * @param tools of this host
 * @param table the processes of this host
 * @param bootId of this run of the kernel
 * @param groups control groups
 * @param runs what finds runs again after a crash
 * @param logs of instances
 * @param watch a timer; what runs on it returns at once
 * @param workers threads for what waits: the end of a run, its output
 */
record Shared(
        Tools tools,
        ProcessTable table,
        String bootId,
        ControlGroups groups,
        RunFiles runs,
        OutputLogs logs,
        ScheduledExecutorService watch,
        ExecutorService workers) {}
