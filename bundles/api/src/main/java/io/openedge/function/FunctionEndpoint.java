package io.openedge.function;

import java.util.concurrent.CompletionStage;

/** A place where functions are computed. Thread rule: any thread. */
@FunctionalInterface
public interface FunctionEndpoint {
    /**
     * Calls a function. Never blocks; many calls may be in flight; a time-out is the caller's.
     *
     * @return the answer, or exceptionally a {@link FunctionException}
     */
    CompletionStage<FunctionMessage> call(FunctionMessage message);
}
