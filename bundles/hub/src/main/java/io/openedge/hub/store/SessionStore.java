package io.openedge.hub.store;

import io.openedge.hub.route.TopicFilter;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Keeps what outlives a connection: persistent sessions and their subscriptions. Thread rule: any thread, but one client
 * id is always written by one thread at a time; never blocks.
 */
public interface SessionStore {
    /** Takes the state of a session. SUBACK, UNSUBACK and CONNACK go out after the stage completes. */
    CompletionStage<Void> save(String clientId, Map<TopicFilter, Integer> subscriptions);

    /** Forgets a session, its packet ids of QoS 2 included. */
    CompletionStage<Void> remove(String clientId);
}
