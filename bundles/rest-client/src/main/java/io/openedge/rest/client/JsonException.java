package io.openedge.rest.client;

/** A text that is not the JSON that was expected. The message says what is wrong and where, for the sender. */
public class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and where */
    public JsonException(String message) {
        super(message);
    }
}
