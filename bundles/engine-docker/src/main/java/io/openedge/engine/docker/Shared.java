package io.openedge.engine.docker;

import java.util.concurrent.ExecutorService;

/**
 * What all runs share. Immutable.
 *
 * @param daemon asks the daemon
 * @param containers makes containers
 * @param runs all that have not ended
 * @param sampler knows what they use
 * @param workers for what blocks
 * @param watch knows whether the daemon is there
 */
record Shared(
        Daemon daemon, Containers containers, Runs runs, Sampler sampler, ExecutorService workers, DaemonWatch watch) {}
