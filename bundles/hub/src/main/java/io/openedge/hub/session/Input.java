package io.openedge.hub.session;

/** The reading side of a client's channel. Called on its loop. */
public interface Input {
    /** No further packet is handed over, and soon no further byte is read, until {@link #resume}. */
    void pause();

    /** Goes on with what was read and not handed over. Returns at once. */
    void resume();
}
