package io.openedge.hub.store;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.TopicFilter;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * What was there when the hub started. Immutable.
 *
 * @param sessions of clients
 * @param retained messages
 * @param wills of clients that were connected when the hub ended, by key
 */
public record Recovered(List<Session> sessions, List<Message> retained, Map<Long, KeptWill> wills) {
    /**
     * A persistent session.
     *
     * @param number by which the journal knows it
     * @param clientId of the client
     * @param principal as which it had logged in
     * @param subscriptions with their QoS
     * @param outgoing packet ids of QoS 2 that were given, with the reference of the message; 0: the client has it
     * @param incoming packet ids of QoS 2 that the client has not released
     */
    public record Session(
            int number,
            String clientId,
            String principal,
            Map<TopicFilter, Integer> subscriptions,
            Map<Integer, Long> outgoing,
            BitSet incoming) {}
}
