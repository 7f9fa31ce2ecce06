package io.openedge.master.supervise;

import io.openedge.app.ServiceSpec;

/**
 * A service and the engine that runs it. Immutable.
 *
 * @param engine its name
 */
public record Served(ServiceSpec service, String engine) {}
