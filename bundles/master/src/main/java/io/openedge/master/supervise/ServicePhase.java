package io.openedge.master.supervise;

import io.openedge.system.InstanceState;

/** What supervision is doing with a service; until it is open its instances are in the state that stands here. */
enum ServicePhase {
    /** Its engine is not there. */
    WAITING(InstanceState.PENDING),
    /** Its engine prepares and opens it. */
    OPENING(InstanceState.PENDING),
    /** Its instances run. */
    OPEN(InstanceState.PENDING),
    /** It could not be opened and waits for the next try. */
    BACKOFF(InstanceState.RESTARTING),
    /** It could not be opened and is not tried again. */
    FAILED(InstanceState.FAILED),
    /** Its instances stop, then its engine closes it. */
    CLOSING(InstanceState.PENDING),
    /** It is over. */
    CLOSED(InstanceState.STOPPED);

    private final InstanceState waiting;

    ServicePhase(InstanceState waiting) {
        this.waiting = waiting;
    }

    /** The state of an instance that waits for the service. */
    InstanceState waiting() {
        return waiting;
    }
}
