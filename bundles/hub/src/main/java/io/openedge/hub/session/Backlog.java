package io.openedge.hub.session;

import io.openedge.hub.store.Fetched;
import io.openedge.hub.store.Lane;
import io.openedge.hub.store.StoredMessage;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How far a persistent session is with what the store keeps for it. As long as the client takes its messages they come
 * from memory; once too many wait, or after the client was away, the session is behind: what comes is left to the store
 * and fetched from there, in order, until there is no more. Owned by the session's loop.
 */
final class Backlog {
    private static final long[] NONE = new long[0];

    private final int number;
    /** Whoever was told before is told no more. */
    private int turn;

    private boolean behind = true;
    private boolean fetching;
    /** All messages up to this one came from the store. */
    private long fetched;
    /** The newest that was left to the store. */
    private long left;
    /** In memory already when the session fell behind. */
    private long[] inMemory = NONE;
    /** Acknowledged while the answer of the store was under way. */
    private final Set<Long> settled = new HashSet<>(2);

    /** @param number by which the store knows the session */
    Backlog(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** A session without a past. */
    Backlog empty() {
        behind = false;
        return this;
    }

    /** Whether a message that comes from memory is to be taken: it is neither a second one nor out of order. */
    boolean takes(Delivery delivery) {
        if (delivery.ref <= fetched) {
            return false;
        }
        if (behind) {
            left = Math.max(left, delivery.ref);
        }
        return !behind;
    }

    /** Too much waits: that message, and those that come, are left to the store. */
    void fallBehind(Delivery delivery, long[] sortedInMemory) {
        behind = true;
        left = Math.max(left, delivery.ref);
        inMemory = sortedInMemory;
    }

    /** The client is gone, and nothing of what the store has is in memory any more. */
    void restart() {
        turn++;
        behind = true;
        fetching = false;
        fetched = 0;
        left = 0;
        inMemory = NONE;
        settled.clear();
    }

    /** Whether there is more in the store than was fetched. */
    boolean behind() {
        return behind;
    }

    /** Whether an answer of the store is under way. */
    boolean fetching() {
        return fetching;
    }

    /**
     * Gets some of what was left to the store; the next fetch is up to the caller.
     *
     * @param known references that are in memory
     * @param each called with every message, in order
     * @param end called afterwards
     */
    void fetch(
            Lane lane,
            Supplier<long[]> known,
            Consumer<Runnable> owner,
            Consumer<StoredMessage> each,
            Consumer<Fetched> end) {
        if (fetched == 0) {
            inMemory = known.get();
        }
        fetching = true;
        int asked = turn;
        lane.fetch(
                number,
                fetched,
                inMemory,
                result -> owner.accept(() -> {
                    if (asked == turn) {
                        fetched = Math.max(fetched, result.upTo());
                        take(result, each);
                        if (result.last() && left <= fetched) {
                            behind = false;
                            inMemory = NONE;
                        }
                        end.accept(result);
                    }
                }));
    }

    /** Gets those of the messages that are still in the store. */
    void fetchThese(
            Lane lane, long[] refs, Consumer<Runnable> owner, Consumer<StoredMessage> each, Consumer<Fetched> end) {
        fetching = true;
        int asked = turn;
        lane.fetchThese(
                number,
                refs,
                result -> owner.accept(() -> {
                    if (asked == turn) {
                        take(result, each);
                        end.accept(result);
                    }
                }));
    }

    private void take(Fetched result, Consumer<StoredMessage> each) {
        fetching = false;
        for (StoredMessage message : result.messages()) {
            if (!settled.remove(message.ref())) {
                each.accept(message);
            }
        }
        settled.clear();
    }

    /** The client has a message. */
    void settled(long ref) {
        if (fetching) {
            settled.add(ref);
        }
    }
}
