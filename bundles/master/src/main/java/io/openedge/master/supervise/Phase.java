package io.openedge.master.supervise;

import io.openedge.system.InstanceState;
import java.util.EnumSet;
import java.util.Set;

/** What supervision is doing with an instance, and where it may go from there. */
enum Phase {
    /** Nothing of it is in an engine; it waits for its service. */
    WAITING(InstanceState.PENDING),
    /** The engine was asked for a run. */
    STARTING(InstanceState.PENDING),
    /** There is a run, which does not work yet. */
    PENDING(InstanceState.PENDING),
    /** It works. */
    RUNNING(InstanceState.RUNNING),
    /** It ended and waits for its next run. */
    BACKOFF(InstanceState.RESTARTING),
    /** The engine was asked to stop it. */
    STOPPING(InstanceState.STOPPED),
    /** It ended and stays so, by policy or on request. */
    STOPPED(InstanceState.STOPPED),
    /** It failed and is not started again. */
    FAILED(InstanceState.FAILED);

    private final InstanceState state;

    Phase(InstanceState state) {
        this.state = state;
    }

    /** The word for the operator. */
    InstanceState state() {
        return state;
    }

    /** Where it may go from here. */
    Set<Phase> next() {
        return switch (this) {
            case WAITING -> EnumSet.of(STARTING, STOPPED, FAILED, WAITING);
            case STARTING -> EnumSet.of(PENDING, BACKOFF, STOPPING, STOPPED, FAILED, WAITING);
            case PENDING -> EnumSet.of(RUNNING, BACKOFF, STOPPING, STOPPED, FAILED);
            case RUNNING -> EnumSet.of(BACKOFF, STOPPING, STOPPED, FAILED);
            case BACKOFF -> EnumSet.of(STARTING, STOPPING, WAITING, STOPPED, FAILED);
            case STOPPING -> EnumSet.of(WAITING, STOPPED, FAILED);
            case STOPPED, FAILED -> EnumSet.of(STARTING, STOPPING, WAITING, STOPPED, FAILED);
        };
    }
}
