package io.openedge.master.status;

import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an instance says of itself: copied, so that nobody changes it while another reads it, and so
 * that nothing is left but maps, lists, texts, numbers and booleans. Stateless. */
public final class Reported {
    /** What the gateway itself says of an instance. */
    private static final Set<String> OURS = Set.of(
            "name", "status", "reason", "start_time", "restarts", "process", "container", "cpu_stats", "mem_stats");

    private static final int MOST_KEYS = 200;
    private static final int MOST_CHARACTERS = 256 << 10;
    private static final int DEEPEST = 32;

    private Reported() {}

    /**
     * The first level's keys replace those that were said before; a key without a value is forgotten, and one that the
     * gateway itself says of an instance is left out.
     *
     * @throws GatewayException when it becomes too much
     */
    public static Map<String, Object> merge(Map<String, Object> before, Map<String, Object> values) {
        Map<String, Object> merged = new LinkedHashMap<>(before);
        values.forEach((key, value) -> {
            if (OURS.contains(key)) {
                return;
            }
            Object copy = copy(value, 0);
            if (copy == null) {
                merged.remove(key);
            } else {
                merged.put(key, copy);
            }
        });
        if (merged.size() > MOST_KEYS) {
            throw new GatewayException(Kind.INVALID, "an instance may report " + MOST_KEYS + " keys");
        }
        if (characters(merged) > MOST_CHARACTERS) {
            throw new GatewayException(Kind.INVALID, "an instance may report " + MOST_CHARACTERS + " characters");
        }
        return Collections.unmodifiableMap(merged);
    }

    private static long characters(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .mapToLong(member -> characters(member.getKey()) + characters(member.getValue()))
                    .sum();
        }
        if (value instanceof List<?> list) {
            return list.stream().mapToLong(Reported::characters).sum() + list.size();
        }
        return String.valueOf(value).length();
    }

    private static @Nullable Object copy(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new GatewayException(Kind.INVALID, "a report may be " + DEEPEST + " levels deep");
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put(String.valueOf(key), copy(inner, depth + 1)));
            return Collections.unmodifiableMap(copy);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(inner -> copy.add(copy(inner, depth + 1)));
            return Collections.unmodifiableList(copy);
        }
        boolean plain = value == null || value instanceof Boolean || isNumber(value);
        return plain ? value : value.toString(); // an object of a module's class would keep its bundle in memory
    }

    /** Of the platform's own classes. */
    private static boolean isNumber(Object value) {
        return value instanceof Number && value.getClass().getClassLoader() == null;
    }
}
