package io.openedge.function.manager.pool;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;

/** A message and the tries it has had. Owned by the loop. */
final class Job {
    /** How often it may have been behind another one in an instance that went, before that counts as a try of its own. */
    private static final int MOST_SPARED = 10;

    private final Lane lane;
    private final FunctionMessage message;
    private final int tries;
    private final Outcome outcome;
    private int failures;
    private int undelivered;
    private int spared;
    private boolean suspect;

    Job(Lane lane, FunctionMessage message, int tries, Outcome outcome) {
        this.lane = lane;
        this.message = message;
        this.tries = tries;
        this.outcome = outcome;
    }

    Lane lane() {
        return lane;
    }

    FunctionMessage message() {
        return message;
    }

    Outcome outcome() {
        return outcome;
    }

    int failures() {
        return failures;
    }

    /** Whether an instance went while it computed this: then no other message shares an instance with it. */
    boolean suspect() {
        return suspect;
    }

    /** Counts a try that failed; true when another is left, else the outcome has been told. */
    boolean failed(FunctionException error) {
        failures++;
        undelivered = 0;
        suspect |= error.kind() == Kind.UNAVAILABLE || error.kind() == Kind.TIMEOUT;
        if (failures < tries && retriable(error.kind())) {
            return true;
        }
        outcome.failed(message, error, failures);
        return false;
    }

    /** No instance got it; how often that has happened since the last try that counts. */
    int undelivered() {
        return ++undelivered;
    }

    /** The instance went while it computed another one; whether that is no try of this. */
    boolean spared() {
        return ++spared <= MOST_SPARED;
    }

    /** What another try cannot change is not tried again. */
    private static boolean retriable(Kind kind) {
        return kind != Kind.NOT_FOUND && kind != Kind.TOO_LARGE;
    }
}
