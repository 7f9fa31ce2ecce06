package io.openedge.hub.store;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicFilter;
import java.util.function.Consumer;

/** The last retained message of each topic. Thread rule: any thread; never blocks. */
public interface RetainedStore {
    /**
     * Keeps a message in the place of the one before.
     *
     * @return false when the store is full and keeps nothing for this topic
     */
    boolean put(Message message);

    /** Forgets the message of a topic. */
    void remove(Topic topic);

    /** Topics with a message. */
    int size();

    /** Hands out every message whose topic the filter matches, on the caller's thread. */
    void match(TopicFilter filter, Consumer<Message> found);
}
