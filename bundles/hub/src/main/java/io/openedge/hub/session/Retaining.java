package io.openedge.hub.session;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.Topic;
import io.openedge.hub.store.Journal;
import io.openedge.hub.store.RetainedStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * Keeps the retained messages in memory as the log has them: when two loops publish to one topic at once, the one that
 * comes later in the log stays, whichever loop hears of its own first. Thread rule: any thread.
 */
public final class Retaining {
    private final RetainedStore retained;
    private final Journal journal;
    private final Counters counters;
    private final Logger log;
    /** Topics with messages in the log of which their loops have not heard. */
    private final Map<Topic, Pending> pending = new ConcurrentHashMap<>();

    private record Pending(Message newest, int count) {}

    public Retaining(RetainedStore retained, Journal journal, Counters counters, Logger log) {
        this.retained = retained;
        this.journal = journal;
        this.counters = counters;
        this.log = log;
    }

    /** In the order of the log, on the journal's thread: a message has its place there. */
    public void logged(Message message) {
        pending.merge(
                message.topic(), new Pending(message, 1), (before, now) -> new Pending(message, before.count() + 1));
    }

    /** The loop of a message that was logged hears of it. */
    void heard(Topic topic) {
        pending.computeIfPresent(topic, (same, last) -> {
            take(last.newest());
            return last.count() == 1 ? null : new Pending(last.newest(), last.count() - 1);
        });
    }

    /** The retained message of its topic from now on; an empty one: there is none. */
    void take(Message message) {
        if (message.payload().length == 0) {
            retained.remove(message.topic());
        } else if (!retained.put(message)) {
            journal.forgotten(message.topic().name());
            counters.dropped(Drop.RETAINED, message.qos(), 1);
            log.debug("no room for the retained message of {}", message.topic());
        }
    }
}
