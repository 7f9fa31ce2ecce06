package io.openedge.hub.session;

import io.openedge.hub.store.MemoryBudget;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Packet ids of QoS 2 messages that the client published and has not released: whatever comes with one of them is the
 * same message again. A bit an id, so all 65,535 may be in use at once; only an id that the store is busy with takes
 * more. Owned by the session's loop.
 */
final class Unreleased {
    private static final int FIRST_WORDS = 4;

    private final MemoryBudget memory;
    private Map<Integer, CompletableFuture<Void>> steps = Map.of();
    private long[] received = new long[0];
    private int count;

    /** @param memory what the bits are taken from */
    Unreleased(MemoryBudget memory) {
        this.memory = memory;
    }

    /** False when there is no memory for that id. */
    boolean room(int id) {
        int needed = (id >> 6) + 1;
        if (needed <= received.length) {
            return true;
        }
        int words = Math.max(FIRST_WORDS, Integer.highestOneBit(needed - 1) << 1);
        if (!memory.take((words - received.length) * (long) Long.BYTES)) {
            return false;
        }
        received = Arrays.copyOf(received, words);
        return true;
    }

    /** Received before the hub started. */
    void restore(int id) {
        int needed = (id >> 6) + 1;
        if (needed > received.length) {
            memory.owe((needed - received.length) * (long) Long.BYTES);
            received = Arrays.copyOf(received, needed);
        }
        turn(id);
    }

    /** True when the message of that id was received and not released. Ask for the step first. */
    boolean contains(int id) {
        return id >> 6 < received.length && (received[id >> 6] & 1L << id) != 0;
    }

    /** What the store is busy with for that id; null when that is done. What failed did not happen. */
    @Nullable
    CompletableFuture<Void> step(int id) {
        CompletableFuture<Void> step = steps.isEmpty() ? null : steps.get(id);
        if (step == null || !step.isDone()) {
            return step;
        }
        steps.remove(id);
        if (step.isCompletedExceptionally()) {
            turn(id);
        }
        return null;
    }

    /** Received, once the step is done. There is room. */
    void received(int id, CompletableFuture<Void> step) {
        turn(id, step);
    }

    /** Released, once the step is done. */
    void released(int id, CompletableFuture<Void> step) {
        turn(id, step);
    }

    private void turn(int id, CompletableFuture<Void> step) {
        if (!step.isDone()) {
            turn(id);
            if (steps.isEmpty()) {
                steps = new HashMap<>();
            }
            steps.put(id, step);
        } else if (!step.isCompletedExceptionally()) {
            turn(id);
        }
    }

    private void turn(int id) {
        received[id >> 6] ^= 1L << id;
        count += contains(id) ? 1 : -1;
    }

    /** The client went or came: what is over takes no memory. */
    void settle() {
        if (!steps.isEmpty()) {
            List.copyOf(steps.keySet()).forEach(this::step);
        }
        if (count == 0 && steps.isEmpty()) {
            clear();
        }
    }

    /** The end: all memory is given back. */
    void clear() {
        memory.give(received.length * (long) Long.BYTES);
        received = new long[0];
        steps = Map.of();
        count = 0;
    }

    int count() {
        return count;
    }
}
