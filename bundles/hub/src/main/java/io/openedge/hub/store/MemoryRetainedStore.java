package io.openedge.hub.store;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicTree;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Retained messages in memory: by name for the plain case, and a tree of the names for wildcards. */
public final class MemoryRetainedStore implements RetainedStore {
    private final Map<String, Message> messages = new ConcurrentHashMap<>();
    private final TopicTree names = new TopicTree();
    private final int topics;
    private final MemoryBudget budget;

    /**
     * @param topics how many topics may have a message
     * @param budget what all the messages may take
     */
    public MemoryRetainedStore(int topics, MemoryBudget budget) {
        this.topics = topics;
        this.budget = budget;
    }

    @Override
    public boolean put(Message message) {
        Message kept = messages.compute(message.topic().name(), (name, old) -> replace(message, old));
        return kept == message;
    }

    /** Runs alone for one topic, so that the tree of names never loses a topic that has a message. */
    private @Nullable Message replace(Message message, @Nullable Message old) {
        if (old == null && messages.size() >= topics || !budget.take(message.weight())) {
            // An old message that could not be replaced would be a wrong answer to the next subscriber.
            return old == null ? null : forget(old);
        }
        if (old == null) {
            names.add(message.topic());
        } else {
            budget.give(old.weight());
        }
        return message;
    }

    private @Nullable Message forget(Message old) {
        budget.give(old.weight());
        names.remove(old.topic());
        return null;
    }

    @Override
    public void remove(Topic topic) {
        messages.computeIfPresent(topic.name(), (name, old) -> forget(old));
    }

    @Override
    public int size() {
        return messages.size();
    }

    @Override
    public void match(TopicFilter filter, Consumer<Message> found) {
        if (filter.plain()) {
            hand(filter.text(), found);
        } else {
            names.match(filter, topic -> hand(topic.name(), found));
        }
    }

    private void hand(String name, Consumer<Message> found) {
        Message message = messages.get(name);
        if (message != null) {
            found.accept(message);
        }
    }
}
