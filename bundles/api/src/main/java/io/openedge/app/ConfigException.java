package io.openedge.app;

/** A configuration file that cannot be used. The message names file, line, key path, value and what is allowed. */
public class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message the whole sentence for the operator, starting with {@code FILE:LINE: KEY:} as far as known */
    public ConfigException(String message) {
        super(message);
    }

    /**
     * @param message the whole sentence for the operator
     * @param cause what the file system or the parser said
     */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
