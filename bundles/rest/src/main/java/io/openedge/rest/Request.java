package io.openedge.rest;

import io.openedge.system.Gateway;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A request that found its call. Immutable; the body is not copied.
 *
 * @param gateway with the rights of the caller
 * @param service named in the path; empty when the path has none
 * @param instance named in the path; empty when the path has none
 * @param body up to 1 MiB
 * @param timer of the connection
 */
record Request(Gateway gateway, String service, String instance, byte[] body, ScheduledExecutorService timer) {}
