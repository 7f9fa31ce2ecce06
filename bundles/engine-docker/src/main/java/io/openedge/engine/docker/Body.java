package io.openedge.engine.docker;

import java.util.Optional;

/**
 * A container that was made for an instance; it stays the same over the instance's runs. Immutable.
 *
 * @param id as the daemon gave it; empty: it is still to be made
 * @param endpoint where an instance on demand is reached
 * @param sign how it says that it works; empty: it says nothing
 */
record Body(String id, Optional<Endpoint> endpoint, Optional<ReadySign> sign) {
    Body withId(String made) {
        return new Body(made, endpoint, sign);
    }
}
