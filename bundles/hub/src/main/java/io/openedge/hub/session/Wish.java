package io.openedge.hub.session;

/**
 * What a SUBSCRIBE asks for.
 *
 * @param filter as it was written
 * @param qos 0, 1 or 2
 */
public record Wish(String filter, int qos) {}
