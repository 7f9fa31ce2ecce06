package io.openedge.function.manager.rule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets one message of a topic go on at a time; topics do not wait for each other. Owned by the loop. */
final class TopicOrder {
    /** Messages behind the one that goes on, by topic. */
    private final Map<String, Deque<Passage>> behind = new HashMap<>();

    /** Whether it may go on now; otherwise it is named by {@link #leave} when its turn comes. */
    boolean enter(Passage passage) {
        Deque<Passage> others = behind.get(passage.topic());
        if (others == null) {
            behind.put(passage.topic(), new ArrayDeque<>(1));
            return true;
        }
        others.addLast(passage);
        return false;
    }

    /** The one that went on is settled; names the next. */
    @Nullable
    Passage leave(String topic) {
        Passage next = behind.get(topic).pollFirst();
        if (next == null) {
            behind.remove(topic);
        }
        return next;
    }

    /** Takes out those that wait for their turn behind the one of a topic. */
    List<Passage> withdraw(String topic) {
        Deque<Passage> others = behind.get(topic);
        List<Passage> all = new ArrayList<>(others);
        others.clear();
        return all;
    }

    /** Takes out all that wait for their turn. */
    List<Passage> withdrawAll() {
        List<Passage> all = new ArrayList<>();
        behind.keySet().forEach(topic -> all.addAll(withdraw(topic)));
        return all;
    }
}
