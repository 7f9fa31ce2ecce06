package io.openedge.config;

import io.openedge.app.InvalidValueException;

/**
 * What is wrong with something that a file says. Immutable.
 *
 * @param key path from the root, in the words of the file
 * @param sentence what is wrong with it
 */
public record Problem(String key, String sentence) {
    /** A value that is not allowed. */
    public Problem(InvalidValueException e) {
        this(e.key(), "'" + e.value() + "' is not allowed here; allowed: " + e.allowed());
    }
}
