package io.openedge.system;

/** A call that the gateway refuses. The message is for the caller. */
public class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a call is refused. */
    public enum Kind {
        /** The request makes no sense, or what it started failed. */
        INVALID,
        /** The caller lacks the right; the message says what to grant. */
        FORBIDDEN,
        /** There is no such service. */
        NOT_FOUND,
        /** This gateway cannot do that. */
        UNSUPPORTED
    }

    private final Kind kind;

    /**
     * @param kind why
     * @param message in words
     */
    public GatewayException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Why the call is refused. */
    public Kind kind() {
        return kind;
    }
}
