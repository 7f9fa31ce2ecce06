package io.openedge.hub.session;

/** Of a connection. */
enum State {
    /** Waits for CONNECT. */
    NEW,
    /** The password is being checked. */
    CHECKING,
    /** Logged in, waits for the client id to be free. */
    CLAIMING,
    /** Packets are served. */
    OPEN,
    /** Nothing is served any more. */
    ENDED
}
