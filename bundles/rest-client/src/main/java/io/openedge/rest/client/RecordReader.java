package io.openedge.rest.client;

import io.openedge.engine.InstanceRecord.Container;
import io.openedge.engine.InstanceRecord.Framework;
import io.openedge.engine.InstanceRecord.Place;
import io.openedge.engine.InstanceRecord.Process;
import io.openedge.system.InstanceStatus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plain values as records: what {@link RecordWriter} left out comes back as empty, zero or the epoch. Stateless. */
final class RecordReader {
    private RecordReader() {}

    static <T extends Record> T read(Class<T> type, Map<?, ?> members, String path) throws JsonException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            if (component.getType() == Place.class) {
                values[i] = place(members, path);
            } else if (type == InstanceStatus.class && component.getType() == Map.class) {
                values[i] = reported(members);
            } else {
                String key = RecordWriter.key(component.getName());
                values[i] = value(component.getGenericType(), members.get(key), path + key);
            }
        }
        return create(type, components, values);
    }

    static Object component(Record source, RecordComponent component) {
        try {
            return component.getAccessor().invoke(source);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a record of the vocabulary is not readable: " + component, e);
        }
    }

    private static <T extends Record> T create(Class<T> type, RecordComponent[] components, Object[] values) {
        try {
            Class<?>[] types =
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record of the vocabulary cannot be made: " + type, e);
        }
    }

    private static Object value(Type type, @Nullable Object value, String path) throws JsonException {
        if (type instanceof ParameterizedType list) {
            return elements(list.getActualTypeArguments()[0], value, path);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return read(plain.asSubclass(Record.class), expect(Map.class, value, Map.of(), path), path + ".");
        }
        if (plain.isEnum()) {
            return word(plain, expect(String.class, value, "", path), path);
        }
        if (plain == String.class) {
            return expect(String.class, value, "", path);
        }
        if (plain == Instant.class) {
            return instant(expect(String.class, value, "", path), path);
        }
        Number number = expect(Number.class, value, 0, path);
        if (plain == int.class) {
            return number.intValue();
        }
        return plain == long.class ? (Object) number.longValue() : (Object) number.doubleValue();
    }

    private static List<Object> elements(Type type, @Nullable Object value, String path) throws JsonException {
        List<Object> elements = new ArrayList<>();
        for (Object element : expect(List.class, value, List.of(), path)) {
            elements.add(value(type, element, path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    private static <T> T expect(Class<T> type, @Nullable Object value, T absent, String path) throws JsonException {
        if (value == null) {
            return absent;
        }
        if (!type.isInstance(value)) {
            throw new JsonException(path + ": not a " + type.getSimpleName().toLowerCase(Locale.ROOT));
        }
        return type.cast(value);
    }

    private static Object word(Class<?> type, String word, String path) throws JsonException {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equalsIgnoreCase(word)) {
                return constant;
            }
        }
        throw new JsonException(path + ": unknown word '" + word + "'");
    }

    private static Instant instant(String text, String path) throws JsonException {
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new JsonException(path + ": no time: " + text);
        }
    }

    private static Place place(Map<?, ?> members, String path) throws JsonException {
        if (members.get("process") instanceof Map<?, ?> process) {
            return read(Process.class, process, path + "process.");
        }
        if (members.get("container") instanceof Map<?, ?> container) {
            return read(Container.class, container, path + "container.");
        }
        return new Framework();
    }

    private static Map<String, Object> reported(Map<?, ?> members) {
        Map<String, Object> reported = new LinkedHashMap<>();
        members.forEach((key, value) -> {
            if (value != null && !RecordWriter.INSTANCE_KEYS.contains(key)) {
                reported.put(String.valueOf(key), value);
            }
        });
        return reported;
    }
}
