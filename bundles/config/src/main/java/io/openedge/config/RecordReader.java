package io.openedge.config;

import io.openedge.app.ConfigException;
import io.openedge.app.InvalidValueException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Binds the nodes of one document to a record. One thread, one use. */
final class RecordReader {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    private final YamlDocument document;
    private final Consumer<Warning> warnings;
    private final NodeTree tree;

    RecordReader(YamlDocument document, Consumer<Warning> warnings) {
        this.document = document;
        this.warnings = warnings;
        this.tree = new NodeTree(document.name());
    }

    <T extends Record> T read(Class<T> type) throws ConfigException {
        return type.cast(record(Target.of(type), root()));
    }

    /** The document without a record; it must be a mapping, or empty. */
    Map<String, Object> content() throws ConfigException {
        At root = root();
        if (!(root.node() instanceof MappingNode)) {
            throw tree.reject(root, root.text(), "a mapping");
        }
        Map<String, Object> content = new LinkedHashMap<>();
        for (Map.Entry<String, At> entry : tree.entries(root).entrySet()) {
            Object value = new FreeContent(tree).value(entry.getValue());
            if (value != null) {
                content.put(entry.getKey(), value);
            }
        }
        return Collections.unmodifiableMap(content);
    }

    /** Refuses a document whose root has no such key. */
    void require(String key, String otherwise) throws ConfigException {
        At root = root();
        At value = root.node() instanceof MappingNode ? tree.entries(root).get(key) : null;
        if (value == null || isNull(value.node())) {
            throw tree.error(root, otherwise);
        }
    }

    /** The error for a value that a later check rejects; its key is a path from the root. */
    ConfigException reject(InvalidValueException e) throws ConfigException {
        return reject(root(), e);
    }

    private At root() {
        Node root = document.root();
        return new At(root == null || isNull(root) ? At.nothing(root) : root, "", 0);
    }

    /** A warning about what stands at a path from the root. */
    Warning warning(String path, String sentence) throws ConfigException {
        return new Warning(tree.message(tree.find(root(), path), sentence));
    }

    private Object record(Target target, At at) throws ConfigException {
        RecordComponent[] components = target.type().getRecordComponents();
        List<String> keys = Arrays.stream(components).map(RecordReader::key).toList();
        if (!(at.node() instanceof MappingNode)) {
            throw tree.reject(at, at.text(), "a mapping with the keys " + String.join(", ", keys));
        }
        Map<String, At> entries = tree.entries(at);
        for (Map.Entry<String, At> entry : entries.entrySet()) {
            if (!keys.contains(entry.getKey())) {
                warn(entry.getValue(), UnknownKey.sentence(entry.getKey(), keys));
            }
        }
        Object[] values = new Object[components.length];
        Problems problems = new Problems();
        for (int i = 0; i < components.length; i++) {
            Target component = target.of(components[i]);
            At value = entries.get(keys.get(i));
            values[i] = problems.take(() -> component(component, value));
        }
        problems.refuse();
        return construct(target.type(), components, values, at);
    }

    private static String key(RecordComponent component) {
        return component.getName().toLowerCase(Locale.ROOT);
    }

    private @Nullable Object component(Target target, @Nullable At at) throws ConfigException {
        if (at == null || isVoid(target, at.node())) {
            return Scalars.absent(target.type());
        }
        Object value = value(target, at);
        return !target.type().isPrimitive() && !target.isFree() && Scalars.isZero(value) ? null : value;
    }

    /** True for what says nothing: no text, and an empty list or mapping where one is expected. */
    private static boolean isVoid(Target target, Node node) {
        if (node instanceof ScalarNode scalar) {
            return isNull(node) || scalar.getValue().isEmpty() && !target.isFree();
        }
        return node instanceof SequenceNode list
                        && target.isList()
                        && list.getValue().isEmpty()
                || node instanceof MappingNode map
                        && (target.isMap() || target.isRecord())
                        && map.getValue().isEmpty();
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && (scalar.getTag().equals(Tag.NULL)
                        || scalar.getTag().equals(YamlDocument.PLAIN) && NULLS.contains(scalar.getValue()));
    }

    private Object value(Target target, At at) throws ConfigException {
        tree.requireNoTag(at);
        if (target.isFree()) {
            return new FreeContent(tree).value(at);
        } else if (target.isRecord()) {
            return record(target, isNull(at.node()) ? new At(At.nothing(at.node()), at.path(), at.depth()) : at);
        } else if (target.isList()) {
            return list(target.entry(), at);
        } else if (target.isMap()) {
            return map(target.entry(), at);
        }
        return scalar(target.type(), at);
    }

    private List<Object> list(Target entry, At at) throws ConfigException {
        if (!(at.node() instanceof SequenceNode)) {
            throw tree.reject(at, at.text(), "a list");
        }
        List<Object> list = new ArrayList<>();
        Problems problems = new Problems();
        for (Node item : tree.items(at)) {
            At place = at.item(list.size(), item);
            list.add(problems.take(() -> entry(entry, place)));
        }
        problems.refuse();
        return Collections.unmodifiableList(list);
    }

    private Map<String, Object> map(Target entry, At at) throws ConfigException {
        if (!(at.node() instanceof MappingNode)) {
            throw tree.reject(at, at.text(), "a mapping");
        }
        Map<String, Object> map = new LinkedHashMap<>();
        Problems problems = new Problems();
        for (Map.Entry<String, At> one : tree.entries(at).entrySet()) {
            map.put(one.getKey(), problems.take(() -> entry(entry, one.getValue())));
        }
        problems.refuse();
        return Collections.unmodifiableMap(map);
    }

    private @Nullable Object entry(Target target, At at) throws ConfigException {
        if (!isNull(at.node())) {
            return value(target, at);
        }
        if (target.type() == String.class) {
            return "";
        }
        return target.isFree() ? null : value(target, at);
    }

    private Object scalar(Class<?> type, At at) throws ConfigException {
        if (!(at.node() instanceof ScalarNode scalar)) {
            throw tree.reject(at, at.text(), type == String.class ? "a text" : "a single value");
        }
        String text = scalar.getValue();
        try {
            Object value = Scalars.parse(text, type);
            if (type == Duration.class && Durations.isBare(text) && !Scalars.isZero(value)) {
                warn(at, "'" + text + "' has no unit and means nanoseconds; write a unit, for example " + text + "s");
            }
            return value;
        } catch (InvalidValueException e) {
            throw tree.reject(at, text, e.allowed());
        }
    }

    private Object construct(Class<?> type, RecordComponent[] components, Object[] values, At at)
            throws ConfigException {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvalidValueException invalid) {
                rejectAll(at, invalid);
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new ConfigException(tree.message(at, "cannot be used: " + e.getCause()), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName() + " cannot be constructed", e);
        }
    }

    /** The error about what stands at a path from the root. */
    ConfigException error(String path, String sentence) throws ConfigException {
        return tree.error(tree.find(root(), path), sentence);
    }

    /** Refuses all that the record found wrong: others came with the first. */
    private void rejectAll(At record, InvalidValueException first) throws ConfigException {
        Problems problems = new Problems();
        problems.add(reject(record, first));
        for (Throwable other : first.getSuppressed()) {
            if (other instanceof InvalidValueException invalid) {
                problems.add(reject(record, invalid));
            }
        }
        problems.refuse();
    }

    private ConfigException reject(At record, InvalidValueException e) throws ConfigException {
        At at = tree.find(record, e.key());
        return tree.reject(at, at.node() instanceof ScalarNode ? at.text() : e.value(), e.allowed());
    }

    private void warn(At at, String sentence) {
        warnings.accept(new Warning(tree.message(at, sentence)));
    }
}
