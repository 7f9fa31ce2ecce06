package io.openedge.master.supervise;

import io.openedge.system.InstanceState;
import java.util.EnumSet;
import java.util.Set;

/**
 * What supervision is doing with a service, and where it may go from there. Until it is open its instances are in the state
 * that stands here.
 */
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

    /** Where it may go from here. */
    Set<ServicePhase> next() {
        return switch (this) {
            case WAITING -> EnumSet.of(WAITING, OPENING, FAILED, CLOSING);
            case OPENING -> EnumSet.of(OPENING, OPEN, BACKOFF, FAILED, CLOSING);
            case OPEN -> EnumSet.of(CLOSING);
            case BACKOFF, FAILED -> EnumSet.of(OPENING, WAITING, CLOSING);
            case CLOSING -> EnumSet.of(WAITING, CLOSED);
            case CLOSED -> EnumSet.noneOf(ServicePhase.class);
        };
    }
}
