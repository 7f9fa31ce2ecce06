package io.openedge.function;

/** A call that brought no answer. The message is what the error message to the rule's topic says. */
public class FunctionException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why there is no answer. */
    public enum Kind {
        /** The function raised, or its result cannot be sent. */
        USER_CODE,
        /** The runtime has no function of that name. */
        NOT_FOUND,
        /** The runtime went away or was never there: another try may succeed. */
        UNAVAILABLE,
        /** The runtime was gone before it could be given the message: nothing was computed, another may take it at once. */
        NOT_DELIVERED,
        /** The runtime has as many calls as it takes: nothing was computed, and it goes on with those that it has. */
        BUSY,
        /** No answer within the limit. */
        TIMEOUT,
        /** The message is larger than the function takes. */
        TOO_LARGE
    }

    private final Kind kind;

    /**
     * @param kind why
     * @param message in words
     */
    public FunctionException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Why there is no answer. */
    public Kind kind() {
        return kind;
    }
}
