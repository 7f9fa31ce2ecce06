package io.openedge.app;

import java.util.List;

/**
 * A value that its record does not accept. The reader of configuration files adds file and line.
 *
 * <p>Thrown by the compact constructors of configuration records; immutable.
 */
public class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final String value;
    private final String allowed;

    /**
     * @param key the key below the record that was being built, in the words of the file; empty for the record itself
     * @param value the value as the user wrote it
     * @param allowed what would have been right, as the end of the sentence "allowed: …"
     */
    public InvalidValueException(String key, Object value, String allowed) {
        super((key.isEmpty() ? "" : key + ": ") + "'" + value + "' is not allowed here; allowed: " + allowed);
        this.key = key;
        this.value = String.valueOf(value);
        this.allowed = allowed;
    }

    /**
     * Refuses all that a record found wrong: the first, with the others as its suppressed ones.
     *
     * @throws InvalidValueException unless there is none
     */
    static void throwAll(List<InvalidValueException> wrong) {
        if (!wrong.isEmpty()) {
            wrong.subList(1, wrong.size()).forEach(wrong.get(0)::addSuppressed);
            throw wrong.get(0);
        }
    }

    /** The key below the record, empty for the record itself. */
    public String key() {
        return key;
    }

    /** The value as the user wrote it. */
    public String value() {
        return value;
    }

    /** What would have been right. */
    public String allowed() {
        return allowed;
    }
}
