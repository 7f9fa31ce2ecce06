package io.openedge.hub.session;

/** Why nothing is read from the client for the time being. */
enum Hold {
    /** The password is being checked. */
    LOGIN,
    /** The client id is not free yet. */
    CLAIM,
    /** The client does not read its acknowledgements. */
    UNREAD,
    /** A subscriber's loop lags behind. */
    LAG,
    /** The store has too much of the client's to finish. */
    UNSAFE,
    /** Retained messages are on their way. */
    REPLAY,
    /** The session is being stored. */
    SAVE
}
