package io.openedge.hub.transport;

/**
 * Nothing more comes from the client; what came before is still to be served. Passes through the pipeline behind it.
 *
 * @param reason for the log
 */
record InputEnd(String reason) {}
