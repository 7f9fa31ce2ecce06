package io.openedge.shell.command;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records as lines for people: a key and a value each, what is empty or zero left out. Stateless. */
final class RecordText {
    private static final String STEP = "  ";

    private RecordText() {}

    static String of(Record value) {
        StringBuilder text = new StringBuilder();
        components(text, "", value);
        return text.toString();
    }

    private static void components(StringBuilder text, String indent, Record value) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            entry(text, indent, component.getName(), get(component, value));
        }
    }

    private static void entry(StringBuilder text, String indent, String key, @Nullable Object value) {
        if (value instanceof Record nested) {
            StringBuilder inner = new StringBuilder();
            components(inner, indent + STEP, nested);
            if (inner.length() > 0) {
                text.append(indent).append(key).append(":\n").append(inner);
            }
        } else if (value instanceof Collection<?> list) {
            for (Object element : list) {
                entry(text, indent, key, element);
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((name, element) -> entry(text, indent, String.valueOf(name), element));
        } else if (!isEmpty(value)) {
            text.append(indent).append(key).append(": ").append(word(value)).append('\n');
        }
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null || value.equals("") || value instanceof Number number && number.doubleValue() == 0;
    }

    private static Object word(@Nullable Object value) {
        return value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT) : String.valueOf(value);
    }

    private static @Nullable Object get(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
