package io.openedge.system;

import java.util.List;

/**
 * What an update would do. Immutable.
 *
 * @param from version that runs
 * @param to version wanted
 * @param steps one for each service of either, a stop and a start for one that changes; stops first
 * @param warnings what the operator should look at in the new application and what does not stop the update
 */
public record UpdatePlan(String from, String to, List<Step> steps, List<String> warnings) {
    public UpdatePlan {
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
    }

    /** Without warnings. */
    public UpdatePlan(String from, String to, List<Step> steps) {
        this(from, to, steps, List.of());
    }

    /** What happens to a service. */
    public enum Action {
        /** Nothing. */
        KEEP,
        /** It is stopped and removed. */
        STOP,
        /** It is started. */
        START,
        /** It gets new bundles in place. */
        SWAP
    }

    /**
     * @param service name
     * @param action what happens to it
     * @param reason why
     */
    public record Step(String service, Action action, String reason) {}
}
