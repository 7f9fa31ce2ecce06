package io.openedge.function.manager.pool;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;

/**
 * Hears how a message fared, by exactly one call, on the loop. Whatever it is, the message keeps its place in the pool
 * until {@link Lane#settled}.
 */
public interface Outcome {
    /** The function's answer. */
    void answered(FunctionMessage answer);

    /**
     * No try brought an answer.
     *
     * @param error of the last one
     * @param tries how many there were
     */
    void failed(FunctionMessage message, FunctionException error, int tries);

    /** Whether somebody still waits for it; asked before the message has its turn. */
    default boolean wanted() {
        return true;
    }

    /** The pool closes before the message had its turn, or nobody wants it any more. */
    void abandoned();
}
