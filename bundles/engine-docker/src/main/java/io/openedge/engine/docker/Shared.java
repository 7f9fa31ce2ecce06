package io.openedge.engine.docker;

import io.openedge.directory.OutputLogs;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all runs share. Immutable.
 *
 * @param daemon asks the daemon
 * @param containers makes containers
 * @param runs all that have not ended
 * @param sampler knows what they use
 * @param logs of what they write
 * @param workers for what blocks
 * @param timer for what does not
 * @param watch knows whether the daemon is there
 */
record Shared(
        Daemon daemon,
        Containers containers,
        Runs runs,
        Sampler sampler,
        OutputLogs logs,
        ExecutorService workers,
        ScheduledExecutorService timer,
        DaemonWatch watch) {}
