package io.openedge.function.manager.pool;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import java.util.concurrent.CompletionException;

/** What failures of calls mean. Stateless. */
final class Failures {
    private Failures() {}

    static FunctionException of(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof FunctionException e ? e : new FunctionException(Kind.UNAVAILABLE, cause.toString());
    }

    /** Whether the instance cannot be used any more. */
    static boolean areOfTheInstance(Kind kind) {
        return kind == Kind.UNAVAILABLE || kind == Kind.NOT_DELIVERED || kind == Kind.BUSY || kind == Kind.TIMEOUT;
    }

    /** What it is for the call that an instance computed which is gone. */
    static Kind begun(Kind kind) {
        return kind == Kind.TIMEOUT ? kind : Kind.UNAVAILABLE;
    }
}
