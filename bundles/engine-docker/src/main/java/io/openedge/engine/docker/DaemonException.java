package io.openedge.engine.docker;

import io.openedge.engine.EngineException;

/** What the daemon did not do. The message is for the operator. */
final class DaemonException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** What it means for who asked. */
    enum Kind {
        /** It did not answer: it is not there, or hangs. What was asked may or may not have happened. */
        AWAY,
        /** What was asked for does not exist. */
        NOT_FOUND,
        /** A name is taken, or the thing is in another state than the question supposes. */
        CONFLICT,
        /** Anything else that it answered. */
        REFUSED
    }

    private final Kind kind;

    DaemonException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    boolean is(Kind other) {
        return kind == other;
    }
}
