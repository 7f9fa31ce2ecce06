package io.openedge.engine.osgi;

import io.openedge.directory.ServiceUser;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the instances of a service are. Immutable.
 *
 * @param directory of the service, absolute
 * @param user as whom they run what they start outside of the framework; empty: as the gateway
 */
record Place(Path directory, Optional<ServiceUser> user) {}
