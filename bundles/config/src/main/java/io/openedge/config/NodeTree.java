package io.openedge.config;

import io.openedge.app.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Walks the nodes of one document: keys as text, merge keys merged, duplicates refused. Aliases make a tree of what is a
 * graph, so all steps of a walk are counted and bounded. One thread.
 */
final class NodeTree {
    private static final int MAX_STEPS = 500_000;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_SHOWN = 120;
    private static final Set<Tag> TAGS = Set.of(
            YamlDocument.PLAIN, Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MAP, Tag.SEQ);
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)]");

    private final String file;
    private int steps;

    NodeTree(String file) {
        this.file = file;
    }

    /** The values of a mapping by key, in the order of the file; merged ones last. */
    Map<String, At> entries(At at) throws ConfigException {
        Map<String, At> entries = new LinkedHashMap<>();
        collect(at, at, entries, 0);
        return entries;
    }

    /** The entries of a sequence. */
    List<Node> items(At at) throws ConfigException {
        List<Node> items = ((SequenceNode) at.node()).getValue();
        count(at, items.size());
        return items;
    }

    /** Refuses a tag beyond those that say what the target's type says anyway. */
    void requireNoTag(At at) throws ConfigException {
        if (!TAGS.contains(at.node().getTag())) {
            throw reject(at, at.node().getTag().getValue(), "a value without a tag");
        }
    }

    private void collect(At mapping, At target, Map<String, At> into, int merges) throws ConfigException {
        if (!(mapping.node() instanceof MappingNode node)) {
            throw reject(mapping, mapping.text(), "a mapping, or a list of mappings, to merge");
        }
        count(mapping, node.getValue().size());
        if (merges > MAX_DEPTH) {
            throw reject(mapping, "<<", "up to " + MAX_DEPTH + " merges inside each other");
        }
        Map<String, Integer> own = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (isMerge(tuple.getKeyNode())) {
                continue;
            }
            String key = key(mapping, tuple.getKeyNode());
            At value = target.key(key, tuple.getValueNode());
            int line = tuple.getKeyNode().getStartMark().getLine() + 1;
            Integer first = own.putIfAbsent(key, line);
            if (first != null) {
                throw reject(
                        new At(tuple.getKeyNode(), value.path(), 0),
                        key,
                        "each key once; it is on line " + first + " too");
            }
            into.putIfAbsent(key, value);
        }
        for (NodeTuple tuple : node.getValue()) {
            if (isMerge(tuple.getKeyNode())) {
                merge(target.key("<<", tuple.getValueNode()), target, into, merges + 1);
            }
        }
    }

    private void merge(At source, At target, Map<String, At> into, int merges) throws ConfigException {
        if (source.node() instanceof SequenceNode) {
            for (Node item : items(source)) {
                collect(new At(item, source.path(), 0), target, into, merges);
            }
        } else {
            collect(source, target, into, merges);
        }
    }

    private static boolean isMerge(Node key) {
        return key instanceof ScalarNode scalar
                && scalar.getValue().equals("<<")
                && (scalar.getTag().equals(YamlDocument.PLAIN)
                        || scalar.getTag().equals(Tag.MERGE));
    }

    private String key(At mapping, Node key) throws ConfigException {
        if (key instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        At at = new At(key, mapping.path(), 0);
        throw reject(at, at.text(), "a word as key");
    }

    private void count(At at, int more) throws ConfigException {
        steps += 1 + more;
        if (steps > MAX_STEPS || at.depth() > MAX_DEPTH) {
            throw error(
                    at,
                    "is too large or too deep once its aliases are followed; allowed: " + MAX_STEPS + " values, "
                            + MAX_DEPTH + " levels");
        }
    }

    /** The node that a path below {@code from} leads to, or the last one that exists on the way, under the whole path. */
    At find(At from, String path) throws ConfigException {
        At at = from;
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            At next = step(at, step.group(1), step.group(2));
            if (next == null) {
                break;
            }
            at = next;
        }
        String separator = from.path().isEmpty() || path.isEmpty() || path.startsWith("[") ? "" : ".";
        return at.named(from.path() + separator + path);
    }

    private @Nullable At step(At at, @Nullable String key, @Nullable String index) throws ConfigException {
        if (key != null) {
            return at.node() instanceof MappingNode ? entries(at).get(key) : null;
        }
        int i = Integer.parseInt(index);
        return at.node() instanceof SequenceNode node && i < node.getValue().size()
                ? at.item(i, node.getValue().get(i))
                : null;
    }

    ConfigException reject(At at, String value, String allowed) {
        return error(at, "'" + shown(at, value) + "' is not allowed here; allowed: " + allowed);
    }

    ConfigException error(At at, String sentence) {
        return new ConfigException(message(at, sentence));
    }

    String message(At at, String sentence) {
        return file + ":" + at.line() + ": " + (at.path().isEmpty() ? "" : at.path() + ": ") + sentence;
    }

    private static String shown(At at, String value) {
        if (at.path().endsWith("password")) {
            return "***";
        }
        String line = value.replaceAll("\\p{Cntrl}", " ");
        return line.length() > MAX_SHOWN ? line.substring(0, MAX_SHOWN) + "…" : line;
    }
}
