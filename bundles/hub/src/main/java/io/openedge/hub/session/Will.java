package io.openedge.hub.session;

import io.openedge.hub.route.Topic;

/**
 * What the hub publishes for a client that goes without saying so.
 *
 * @param topic where
 * @param payload what
 * @param qos 0 or 1; 2 became 1
 * @param retain whether it is kept
 */
record Will(Topic topic, byte[] payload, int qos, boolean retain) {}
