package io.openedge.engine.docker;

import java.util.Optional;

/**
 * A container that was made for an instance; it stays the same over the instance's runs. Immutable.
 *
 * @param id as the daemon gave it
 * @param endpoint where an instance on demand is reached
 */
record Body(String id, Optional<Endpoint> endpoint) {}
