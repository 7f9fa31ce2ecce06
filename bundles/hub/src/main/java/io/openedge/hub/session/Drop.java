package io.openedge.hub.session;

/** Why a message is not delivered. */
public enum Drop {
    /** The subscriber's loop lags behind. */
    LAG,
    /** Too much waits for the subscriber already. */
    FULL,
    /** There is no room for one more retained message. */
    RETAINED,
    /** The subscriber lost the right to it. */
    RIGHTS
}
