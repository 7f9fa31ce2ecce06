package io.openedge.rest.client;

import io.openedge.engine.InstanceRecord.Container;
import io.openedge.engine.InstanceRecord.Place;
import io.openedge.engine.InstanceRecord.Process;
import io.openedge.system.InstanceStatus;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Records as plain values: component names in snake case, empty and zero values left out, instants as RFC 3339 in UTC,
 * enums as lower-case words. Elements of lists always stay. Stateless.
 */
final class RecordWriter {
    /** The keys of an instance that what it reports never replaces. */
    static final Set<String> INSTANCE_KEYS = Set.of(
            "name", "status", "reason", "start_time", "restarts", "process", "container", "cpu_stats", "mem_stats");

    private RecordWriter() {}

    static Map<String, Object> members(Record source) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (RecordComponent component : source.getClass().getRecordComponents()) {
            Object value = RecordReader.component(source, component);
            if (value instanceof Place place) {
                addPlace(members, place);
            } else if (source instanceof InstanceStatus && value instanceof Map<?, ?> reported) {
                addReported(members, reported);
            } else {
                Object written = value(value);
                if (!isLeftOut(written)) {
                    members.put(key(component.getName()), written);
                }
            }
        }
        return members;
    }

    /** {@code startTime} is {@code start_time}. */
    static String key(String component) {
        StringBuilder key = new StringBuilder();
        for (char c : component.toCharArray()) {
            if (Character.isUpperCase(c)) {
                key.append('_');
            }
            key.append(Character.toLowerCase(c));
        }
        return key.toString();
    }

    private static Object value(Object value) {
        if (value instanceof Record record) {
            return members(record);
        }
        if (value instanceof List<?> list) {
            List<Object> elements = new ArrayList<>();
            list.forEach(element -> elements.add(value(element)));
            return elements;
        }
        if (value instanceof Instant instant) {
            return instant.equals(Instant.EPOCH) ? "" : instant.toString();
        }
        if (value instanceof Enum<?> word) {
            return word.name().toLowerCase(Locale.ROOT);
        }
        return value;
    }

    static boolean isLeftOut(Object value) {
        return "".equals(value)
                || Boolean.FALSE.equals(value)
                || value instanceof Number number && number.doubleValue() == 0
                || value instanceof Map<?, ?> map && map.isEmpty()
                || value instanceof List<?> list && list.isEmpty();
    }

    private static void addPlace(Map<String, Object> members, Place place) {
        if (place instanceof Process process) {
            members.put("process", members(process));
        } else if (place instanceof Container container) {
            members.put("container", members(container));
        }
    }

    private static void addReported(Map<String, Object> members, Map<?, ?> reported) {
        Map<String, Object> sorted = new TreeMap<>();
        reported.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        sorted.keySet().removeAll(INSTANCE_KEYS);
        members.putAll(sorted);
    }
}
