package io.openedge.hub.session;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.Topic;
import io.openedge.hub.store.KeptWill;

/**
 * What the hub publishes for a client that goes without saying so.
 *
 * @param topic where
 * @param payload what
 * @param qos 0, 1 or 2
 * @param retain whether it is kept
 */
record Will(Topic topic, byte[] payload, int qos, boolean retain) {
    /** The same for the store. */
    KeptWill kept(Login.Accepted login) {
        return new KeptWill(login.clientId(), login.principal().name(), new Message(topic, payload, qos), retain);
    }
}
