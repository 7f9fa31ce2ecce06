package io.openedge.function;

import java.util.concurrent.CompletionStage;

/** A place where functions are computed. Thread rule: any thread. */
@FunctionalInterface
public interface FunctionEndpoint {
    /**
     * Calls a function. Never blocks; many calls may be in flight; a time-out is the caller's. Whoever no longer wants the
     * answer may cancel the stage's future: a call that has not begun is then left out where that is possible.
     *
     * @return the answer, or exceptionally a {@link FunctionException}
     */
    CompletionStage<FunctionMessage> call(FunctionMessage message);
}
