package io.openedge.hub.store;

import io.openedge.hub.route.Message;

/**
 * A message that waits for a session. Immutable.
 *
 * @param ref where it stands
 * @param message what it says
 * @param qos of the delivery
 * @param retain whether it is delivered as a retained message
 */
public record StoredMessage(long ref, Message message, int qos, boolean retain) {}
