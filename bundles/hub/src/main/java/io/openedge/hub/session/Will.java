package io.openedge.hub.session;

import io.openedge.hub.route.Topic;

/**
 * What the hub publishes for a client that goes without saying so.
 *
 * @param topic where
 * @param payload what
 * @param qos 0, 1 or 2
 * @param retain whether it is kept
 */
record Will(Topic topic, byte[] payload, int qos, boolean retain) {}
