package io.openedge.hub.store;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.Route;
import io.openedge.hub.route.TopicFilter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An event loop's way to the journal. Changes of one lane are written in the order in which they were made, and their
 * outcomes come back in that order; a batch costs the loop one wake-up, however many changes it holds. Thread rule: the
 * loop alone.
 */
public final class Lane {
    private final Journal journal;
    private final Executor loop;
    private final Queue<Change> unsettled = new ArrayDeque<>();
    private final Queue<Settled> news = new ConcurrentLinkedQueue<>();
    /** Of the batch that is being settled. Owned by the journal's thread. */
    private int count;

    /** So many changes, the oldest, share an outcome. */
    private record Settled(int count, @Nullable IOException failure) {}

    Lane(Journal journal, Executor loop) {
        this.journal = journal;
        this.loop = loop;
    }

    private void make(Change change, @Nullable Outcome outcome) {
        if (outcome != null) {
            change.lane = this;
            change.outcome = outcome;
            unsettled.add(change);
        }
        journal.submit(change);
    }

    private void step(Step.Kind kind, int session, long number) {
        make(new Step(kind, session, number), null);
    }

    /**
     * Stores a message for those persistent sessions on its route that get it.
     *
     * @param retain whether it becomes the retained message of its topic
     * @param publisher session to which its packet id of QoS 2 belongs; 0: to none that is kept
     * @param outcome told once it is safe; null: nobody waits
     */
    public void message(
            Message message, Route route, boolean retain, int publisher, int packetId, @Nullable Outcome outcome) {
        make(MessageChange.of(message, route, retain, publisher, packetId), outcome);
    }

    /** Stores a retained message for a session that has just subscribed. */
    public void retained(Message message, int session, int qos, Outcome outcome) {
        make(MessageChange.retained(message, session, qos), outcome);
    }

    /** A subscriber has a message: by its reference. */
    public void acknowledged(int session, long ref) {
        step(Step.Kind.ACKNOWLEDGED, session, ref);
    }

    /** A message of QoS 2 gets its packet id, before it is sent. */
    public void sent(int session, int packetId, long ref, Outcome outcome) {
        make(new Step(Step.Kind.SENT, session, packetId, ref, ""), outcome);
    }

    /** A subscriber has a message of QoS 2; told before it is released. */
    public void received(int session, int packetId, Outcome outcome) {
        make(new Step(Step.Kind.RECEIVED, session, packetId), outcome);
    }

    /** A subscriber has forgotten a packet id. */
    public void completed(int session, int packetId) {
        step(Step.Kind.COMPLETED, session, packetId);
    }

    /** A publisher has forgotten a packet id. */
    public void released(int session, int packetId, Outcome outcome) {
        make(new Step(Step.Kind.RELEASED, session, packetId), outcome);
    }

    /** A persistent session begins; answers its number. */
    public int opened(String clientId, String principal) {
        int number = journal.nextSession();
        make(new Step(Step.Kind.OPENED, number, clientId.length(), 0, clientId + principal), null);
        return number;
    }

    /** A persistent session ends. */
    public void removed(int session) {
        step(Step.Kind.REMOVED, session, 0);
    }

    /** A session gets what a filter matches. */
    public void subscribed(int session, TopicFilter filter, int qos) {
        make(new Step(Step.Kind.SUBSCRIBED, session, qos, 0, filter.text()), null);
    }

    /** The end of that. */
    public void unsubscribed(int session, TopicFilter filter) {
        make(new Step(Step.Kind.UNSUBSCRIBED, session, 0, 0, filter.text()), null);
    }

    /** A client with a will logs in; answers the key of the will. */
    public long will(KeptWill will, Outcome outcome) {
        long key = journal.nextWill();
        make(new WillChange(key, will), outcome);
        return key;
    }

    /** A will is never published, or is one that is not stored. */
    public void willOver(long key) {
        step(Step.Kind.WILL_OVER, 0, key);
    }

    /** The message of a will was made before this; when the disk takes neither, the will is kept. */
    public void willPublished(long key) {
        step(Step.Kind.WILL_PUBLISHED, 0, key);
    }

    /** Told once all that was made before is safe. */
    public void safe(Outcome outcome) {
        make(new Step(Step.Kind.MARK, 0, 0), outcome);
    }

    /**
     * Reads what waits for a session, in order.
     *
     * @param after the reference behind which it begins
     * @param without references that are left out, in rising order
     * @param result called on the loop
     */
    public void fetch(int session, long after, long[] without, Consumer<Fetched> result) {
        journal.fetch(session, after, without, fetched -> run(() -> result.accept(fetched)));
    }

    /** Reads those of the messages that wait for a session. */
    public void fetchThese(int session, long[] refs, Consumer<Fetched> result) {
        journal.fetchThese(session, refs, fetched -> run(() -> result.accept(fetched)));
    }

    private void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // the loop has ended, and with it everybody who could hear of it
        }
    }

    // The journal's thread

    /** One more in the batch that is settled. */
    void settled() {
        count++;
    }

    /** The batch is settled. */
    void tell(@Nullable IOException failure) {
        if (count > 0) {
            news.add(new Settled(count, failure));
            count = 0;
            run(this::hear);
        }
    }

    // The loop

    private void hear() {
        for (Settled settled = news.poll(); settled != null; settled = news.poll()) {
            for (int i = 0; i < settled.count(); i++) {
                Change change = unsettled.remove();
                tell(change, settled.failure());
            }
        }
    }

    /** A fault of one who hears is not to keep the others from it. */
    private void tell(Change change, @Nullable IOException failure) {
        Outcome outcome = change.outcome;
        if (outcome == null) {
            return;
        }
        try {
            outcome.settled(failure == null ? change.ref : 0, failure);
        } catch (RuntimeException | Error e) {
            journal.faulty(e);
        }
    }
}
