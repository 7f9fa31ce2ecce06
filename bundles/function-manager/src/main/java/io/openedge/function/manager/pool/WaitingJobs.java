package io.openedge.function.manager.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages that wait for an instance: in order within their lane, and the lanes take turns. Owned by the loop. */
final class WaitingJobs {
    /** Lanes in which something waits, the one whose turn it is first. */
    private final Deque<Lane> turns = new ArrayDeque<>();

    private int size;

    int size() {
        return size;
    }

    void addLast(Job job) {
        enter(job.lane());
        job.lane().waiting().addLast(job);
    }

    /** In front of those of its lane: it had its turn before. */
    void addFirst(Job job) {
        enter(job.lane());
        job.lane().waiting().addFirst(job);
    }

    private void enter(Lane lane) {
        if (lane.waiting().isEmpty()) {
            turns.addLast(lane);
        }
        size++;
    }

    /** The next one, which stays; null when there is none. */
    @Nullable
    Job peek() {
        Lane lane = turns.peekFirst();
        return lane == null ? null : lane.waiting().peekFirst();
    }

    /** Takes the next one out. */
    Job remove() {
        Lane lane = turns.removeFirst();
        Job job = lane.waiting().removeFirst();
        if (!lane.waiting().isEmpty()) {
            turns.addLast(lane);
        }
        size--;
        return job;
    }

    /** Takes all out. */
    List<Job> removeAll() {
        List<Job> all = new ArrayList<>(size);
        while (size > 0) {
            all.add(remove());
        }
        return all;
    }
}
