package io.openedge.engine.osgi;

import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;

/**
 * The functions of a module with their faults told as such: an exception that is no {@link FunctionException} is one of the
 * function, not of the instance. Its stack goes to the instance's log, once while it stays the same. Any thread.
 */
final class FunctionFaults implements FunctionEndpoint {
    private final FunctionEndpoint endpoint;
    private final Logger logger;
    private final AtomicReference<String> said = new AtomicReference<>("");

    FunctionFaults(FunctionEndpoint endpoint, Logger logger) {
        this.endpoint = endpoint;
        this.logger = logger;
    }

    @Override
    public CompletionStage<FunctionMessage> call(FunctionMessage message) {
        CompletionStage<FunctionMessage> answer;
        try {
            answer = endpoint.call(message);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(fault(message, e));
        }
        return answer.exceptionallyCompose(e -> CompletableFuture.failedFuture(told(message, e)));
    }

    private Throwable told(FunctionMessage message, Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        return cause instanceof FunctionException || cause instanceof Error ? cause : fault(message, cause);
    }

    private FunctionException fault(FunctionMessage message, Throwable e) {
        if (e.toString().equals(said.getAndSet(e.toString()))) {
            logger.debug("function {} raised", message.functionName(), e);
        } else {
            logger.warn("function {} raised", message.functionName(), e);
        }
        return new FunctionException(Kind.USER_CODE, e.toString());
    }
}
