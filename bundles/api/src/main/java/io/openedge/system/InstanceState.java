package io.openedge.system;

import java.util.Locale;

/** What an instance is doing. */
public enum InstanceState {
    /** It was started and does not work yet: it is on its way, or waits for what the reason names. */
    PENDING,
    /** It works. */
    RUNNING,
    /** It ended and is being started again, after the wait of its restart policy. */
    RESTARTING,
    /** It ended and its restart policy leaves it so. */
    STOPPED,
    /** It ended with a failure and is not started again. */
    FAILED;

    /** The word of {@link Inspect}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
