package io.openedge.hub.session;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** The reading side of a client's channel. Called on its loop. */
public interface Input {
    /** No further packet is handed over, and soon no further byte is read, until {@link #resume}. */
    void pause();

    /** Goes on with what was read and not handed over. Returns at once. */
    void resume();

    /** The verified certificate that the client showed. */
    Optional<X509Certificate> certificate();
}
