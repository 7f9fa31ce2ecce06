package io.openedge.hub.session;

import io.openedge.hub.route.Message;
import io.openedge.hub.store.Journal;
import io.openedge.hub.store.RetainedStore;
import org.slf4j.Logger;

/**
 * Keeps the retained messages in memory as the log has them: each takes its place in the order of the log, whichever loop
 * it comes from. Called on the journal's thread.
 */
public final class Retaining {
    private final RetainedStore retained;
    private final Journal journal;
    private final Counters counters;
    private final Logger log;

    public Retaining(RetainedStore retained, Journal journal, Counters counters, Logger log) {
        this.retained = retained;
        this.journal = journal;
        this.counters = counters;
        this.log = log;
    }

    /** The retained message of its topic from now on; an empty one: there is none. */
    public void take(Message message) {
        if (message.payload().length == 0) {
            retained.remove(message.topic());
        } else if (!retained.put(message)) {
            journal.forgotten(message.topic().name());
            counters.dropped(Drop.RETAINED, message.qos(), 1);
            log.debug("no room for the retained message of {}", message.topic());
        }
    }
}
