package io.openedge.config;

import io.openedge.app.ConfigException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Content without a record: what JSON knows as null, boolean and number is that, everything else is text. Quoted scalars
 * are text.
 */
final class FreeContent {
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9]\\d{0,99})");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,99})(\\.\\d{1,99})?([eE][+-]?\\d{1,3})?");

    private final NodeTree tree;

    FreeContent(NodeTree tree) {
        this.tree = tree;
    }

    @Nullable
    Object value(At at) throws ConfigException {
        tree.requireNoTag(at);
        if (at.node() instanceof MappingNode) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (Map.Entry<String, At> entry : tree.entries(at).entrySet()) {
                map.put(entry.getKey(), value(entry.getValue()));
            }
            return Collections.unmodifiableMap(map);
        } else if (at.node() instanceof SequenceNode) {
            List<Object> list = new ArrayList<>();
            for (Node item : tree.items(at)) {
                list.add(value(at.item(list.size(), item)));
            }
            return Collections.unmodifiableList(list);
        }
        ScalarNode scalar = (ScalarNode) at.node();
        return scalar.getTag().equals(Tag.STR) ? scalar.getValue() : plain(scalar.getValue());
    }

    private static @Nullable Object plain(String text) {
        switch (text) {
            case "", "~", "null", "Null", "NULL":
                return null;
            case "true", "True", "TRUE":
                return true;
            case "false", "False", "FALSE":
                return false;
            default:
                break;
        }
        if (WHOLE.matcher(text).matches()) {
            BigInteger whole = new BigInteger(text);
            return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
        }
        if (NUMBER.matcher(text).matches()) {
            double number = Double.parseDouble(text);
            return Double.isFinite(number) ? (Object) number : text;
        }
        return text;
    }
}
