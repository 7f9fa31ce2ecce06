package io.openedge.hub.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Filters and who asked for them, found by topic. Reading takes no lock and may run on any thread; changes are made one
 * after the other. A change is seen by every match that starts after it returned.
 *
 * @param <S> who asked
 */
public final class FilterTrie<S> {
    private final Node<S> root = new Node<>();
    private volatile long version;

    /** Changes with every change of the content: a result is good as long as the version read before it stands. */
    public long version() {
        return version;
    }

    /** Adds a filter, or changes its QoS. */
    public synchronized void add(TopicFilter filter, S subscriber, int qos) {
        Node<S> node = root;
        for (String level : filter.levels()) {
            node = node.childOrNew(level);
        }
        node.put(subscriber, qos);
        version = version + 1;
    }

    /** Removes a filter of one subscriber and what then leads nowhere. */
    public synchronized void remove(TopicFilter filter, S subscriber) {
        List<Node<S>> path = new ArrayList<>();
        Node<S> node = root;
        for (String level : filter.levels()) {
            path.add(node);
            Node<S> child = node.child(level);
            if (child == null) {
                return;
            }
            node = child;
        }
        node.drop(subscriber);
        for (int i = path.size() - 1; i >= 0 && node.empty(); i--) {
            path.get(i).dropChild(filter.levels().get(i));
            node = path.get(i);
        }
        version = version + 1;
    }

    /** Everybody with a filter that matches, each once, with the highest QoS of the filters that do. */
    public Map<S, Integer> match(Topic topic) {
        Map<S, Integer> found = new HashMap<>();
        List<Node<S>> reached = List.of(root);
        boolean wildcards = !topic.reserved();
        for (String level : topic.levels()) {
            List<Node<S>> next = new ArrayList<>();
            for (Node<S> node : reached) {
                if (wildcards) {
                    collect(node.child("#"), found);
                    add(node.child("+"), next);
                }
                add(node.child(level), next);
            }
            if (next.isEmpty()) {
                return found;
            }
            reached = next;
            wildcards = true;
        }
        for (Node<S> node : reached) {
            collect(node, found);
            collect(node.child("#"), found);
        }
        return found;
    }

    private static <S> void add(@Nullable Node<S> node, List<Node<S>> nodes) {
        if (node != null) {
            nodes.add(node);
        }
    }

    private static <S> void collect(@Nullable Node<S> node, Map<S, Integer> found) {
        if (node != null) {
            node.subscribers.forEach((subscriber, qos) -> found.merge(subscriber, qos, Math::max));
        }
    }

    /** True when no filter is left. */
    boolean empty() {
        return root.empty();
    }

    /** A level. Most nodes have few children and one subscriber, so a map that takes much room comes when it is needed. */
    private static final class Node<S> {
        private volatile Map<String, Node<S>> children = Map.of();
        private volatile Map<S, Integer> subscribers = Map.of();

        @Nullable
        Node<S> child(String level) {
            return children.get(level);
        }

        Node<S> childOrNew(String level) {
            if (children.isEmpty()) {
                children = new ConcurrentHashMap<>(4);
            }
            return children.computeIfAbsent(level, l -> new Node<>());
        }

        void dropChild(String level) {
            children.remove(level);
            if (children.isEmpty()) {
                children = Map.of();
            }
        }

        void put(S subscriber, int qos) {
            Map<S, Integer> before = subscribers;
            if (before instanceof ConcurrentHashMap) {
                before.put(subscriber, qos);
            } else if (before.isEmpty() || before.containsKey(subscriber)) {
                subscribers = Map.of(subscriber, qos);
            } else {
                Map<S, Integer> more = new ConcurrentHashMap<>(before);
                more.put(subscriber, qos);
                subscribers = more;
            }
        }

        void drop(S subscriber) {
            Map<S, Integer> before = subscribers;
            if (before instanceof ConcurrentHashMap) {
                before.remove(subscriber);
            }
            if (before.isEmpty() || before.size() == 1 && before.containsKey(subscriber)) {
                subscribers = Map.of();
            }
        }

        boolean empty() {
            return children.isEmpty() && subscribers.isEmpty();
        }
    }
}
