package io.openedge.system;

import java.util.List;

/**
 * How an update ended. Immutable.
 *
 * @param outcome in which state the gateway is now
 * @param version of the application that runs now
 * @param reason why, when it is not the one that was wanted; else empty
 * @param warnings what the operator should look at in the application that was wanted
 */
public record UpdateResult(Outcome outcome, String version, String reason, List<String> warnings) {
    public UpdateResult {
        warnings = List.copyOf(warnings);
    }

    /** Without warnings. */
    public UpdateResult(Outcome outcome, String version, String reason) {
        this(outcome, version, reason, List.of());
    }

    /** In which state an update left the gateway. */
    public enum Outcome {
        /** The new application runs. */
        COMMITTED,
        /** The new application was refused before anything was touched. */
        REFUSED,
        /** The new application did not come up; the old one runs again. */
        ROLLED_BACK,
        /** The new application did not come up, and neither did the old one. */
        ROLL_BACK_FAILED,
        /** The update was given up before its commit; the old application runs. */
        CANCELLED
    }
}
