package io.openedge.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A node and the path of keys that leads to it.
 *
 * @param path in the words of the file; empty for the root
 * @param depth steps from the root
 */
record At(Node node, String path, int depth) {
    private static final Mark START = new Mark("", 0, 0, 0, new int[0], 0);

    /** An empty mapping in the place of a node, or at the start of a document that has none. */
    static MappingNode nothing(@Nullable Node instead) {
        Mark start = instead == null ? START : instead.getStartMark();
        return new MappingNode(Tag.MAP, true, List.of(), start, start, FlowStyle.BLOCK);
    }

    At key(String key, Node value) {
        return new At(value, path.isEmpty() ? key : path + "." + key, depth + 1);
    }

    At item(int index, Node value) {
        return new At(value, path + "[" + index + "]", depth + 1);
    }

    At named(String other) {
        return new At(node, other, depth);
    }

    int line() {
        return node.getStartMark().getLine() + 1;
    }

    /** What stands there, in short. */
    String text() {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        return node instanceof MappingNode ? "{…}" : "[…]";
    }
}
