package io.openedge.hub.route;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Names of topics, found by filter. Reading takes no lock and may run on any thread; changes are made one after the other.
 */
public final class TopicTree {
    private final Node root = new Node();

    private static final class Node {
        private volatile Map<String, Node> children = Map.of();
        private volatile @Nullable Topic topic;
    }

    /** Adds a name. */
    public synchronized void add(Topic topic) {
        Node node = root;
        for (String level : topic.levels()) {
            if (node.children.isEmpty()) {
                node.children = new ConcurrentHashMap<>(4);
            }
            node = node.children.computeIfAbsent(level, l -> new Node());
        }
        node.topic = topic;
    }

    /** Removes a name. */
    public synchronized void remove(Topic topic) {
        List<String> levels = topic.levels();
        List<Node> path = new ArrayList<>();
        Node node = root;
        for (String level : levels) {
            path.add(node);
            Node child = node.children.get(level);
            if (child == null) {
                return;
            }
            node = child;
        }
        node.topic = null;
        for (int i = path.size() - 1; i >= 0 && node.topic == null && node.children.isEmpty(); i--) {
            node = path.get(i);
            node.children.remove(levels.get(i));
        }
    }

    /** Hands out every name that the filter matches. */
    public void match(TopicFilter filter, Consumer<Topic> found) {
        List<Node> reached = List.of(root);
        for (String level : filter.levels()) {
            List<Node> next = new ArrayList<>();
            for (Node node : reached) {
                if (level.equals("#")) {
                    everythingFrom(node, found);
                } else if (level.equals("+")) {
                    forEachChild(node, next::add);
                } else {
                    Optional.ofNullable(node.children.get(level)).ifPresent(next::add);
                }
            }
            reached = next;
        }
        reached.forEach(node -> hand(node, found));
    }

    private void everythingFrom(Node start, Consumer<Topic> found) {
        Deque<Node> open = new ArrayDeque<>(List.of(start));
        for (Node node = open.poll(); node != null; node = open.poll()) {
            hand(node, found);
            forEachChild(node, open::add);
        }
    }

    /** Children that a wildcard at this place stands for: at the first level none that begins with a dollar sign. */
    private void forEachChild(Node node, Consumer<Node> action) {
        node.children.forEach((level, child) -> {
            if (node != root || !level.startsWith("$")) {
                action.accept(child);
            }
        });
    }

    private static void hand(Node node, Consumer<Topic> found) {
        Topic topic = node.topic;
        if (topic != null) {
            found.accept(topic);
        }
    }
}
