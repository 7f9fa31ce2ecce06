package io.openedge.function.manager.pool;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;

/** A message and the tries it has had. Owned by the loop. */
final class Job {
    private final FunctionMessage message;
    private final int tries;
    private final Outcome outcome;
    private int failures;
    private int undelivered;

    Job(FunctionMessage message, int tries, Outcome outcome) {
        this.message = message;
        this.tries = tries;
        this.outcome = outcome;
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

    /** Counts a try that failed; true when another is left, else the outcome has been told. */
    boolean failed(FunctionException error) {
        failures++;
        undelivered = 0;
        if (failures < tries && retriable(error.kind())) {
            return true;
        }
        outcome.failed(message, error);
        return false;
    }

    /** No instance got it; how often that has happened since the last try that counts. */
    int undelivered() {
        return ++undelivered;
    }

    /** What another try cannot change is not tried again. */
    private static boolean retriable(FunctionException.Kind kind) {
        return kind != FunctionException.Kind.NOT_FOUND && kind != FunctionException.Kind.TOO_LARGE;
    }
}
