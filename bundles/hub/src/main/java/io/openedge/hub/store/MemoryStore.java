package io.openedge.hub.store;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.TopicFilter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Safe is what is in memory: the messages are held by the sessions they wait for, so there is nothing left to do here.
 */
public final class MemoryStore implements MessageStore, SessionStore {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    @Override
    public CompletionStage<Void> append(Message message) {
        return DONE;
    }

    @Override
    public CompletionStage<Void> appendOnce(Message message, String clientId, int packetId) {
        return DONE;
    }

    @Override
    public CompletionStage<Void> release(String clientId, int packetId) {
        return DONE;
    }

    @Override
    public CompletionStage<Void> save(String clientId, Map<TopicFilter, Integer> subscriptions) {
        return DONE;
    }

    @Override
    public CompletionStage<Void> remove(String clientId) {
        return DONE;
    }
}
