package io.openedge.cli.check;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a check has found. Immutable.
 *
 * @param level how bad it is
 * @param check which one
 * @param text what was found
 * @param advice what to do; empty: nothing
 */
public record Finding(Level level, String check, String text, String advice) {
    public Finding {
        text = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    /** How bad it is. */
    public enum Level {
        /** As it should be. */
        OK("ok"),
        /** The gateway runs, and something may go wrong. */
        WARN("warn"),
        /** The gateway does not start, or a service does not work. */
        FAIL("FAIL");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        /** As it is printed. */
        public String word() {
            return word;
        }
    }

    /** For JSON; empty values are left out. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("check", check);
        values.put("level", level.word());
        values.put("text", text);
        if (!advice.isEmpty()) {
            values.put("advice", advice);
        }
        return values;
    }
}
