package io.openedge.engine.osgi;

import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of the instances that run in this framework, by instance name. A connection finds the endpoint at each
 * call: it survives a restart of the instance and holds nothing of a module that is gone.
 *
 * <p>Thread rule: any thread; calls go straight through on the caller's thread.
 */
final class Endpoints {
    /** What an address of this framework starts with. */
    static final String SCHEME = FunctionClientConfig.IN_FRAMEWORK;

    private final Map<String, Served> served = new ConcurrentHashMap<>();

    /**
     * Offers an endpoint.
     *
     * @return withdraws it; calls that are in flight then end as unavailable
     */
    Runnable serve(String instance, FunctionEndpoint endpoint) {
        Served offer = new Served(endpoint, new CallsInFlight("the instance '" + instance + "' has ended"));
        served.put(instance, offer);
        return () -> {
            served.remove(instance, offer);
            offer.calls.close();
        };
    }

    /** @throws FunctionException when no instance of that name serves functions now */
    FunctionConnection connect(String instance) throws FunctionException {
        if (!served.containsKey(instance)) {
            throw absent(Kind.UNAVAILABLE, instance);
        }
        return new Connection(instance);
    }

    private static FunctionException absent(Kind kind, String instance) {
        return new FunctionException(kind, "no instance '" + instance + "' with functions runs in this framework");
    }

    private record Served(FunctionEndpoint endpoint, CallsInFlight calls) {}

    private final class Connection implements FunctionConnection {
        private final String instance;
        private final CallsInFlight calls;

        private Connection(String instance) {
            this.instance = instance;
            this.calls = new CallsInFlight("the connection to the instance '" + instance + "' is closed");
        }

        @Override
        public CompletionStage<FunctionMessage> call(FunctionMessage message) {
            Optional<Served> found = Optional.ofNullable(served.get(instance));
            if (found.isEmpty()) {
                return CompletableFuture.failedFuture(absent(Kind.NOT_DELIVERED, instance));
            }
            CompletableFuture<FunctionMessage> given = ask(found.get().endpoint, message);
            if (given.isDone()) {
                return given; // nothing is in flight that could be ended
            }
            CompletableFuture<FunctionMessage> answer = new CompletableFuture<>();
            if (calls.add(answer) && found.get().calls.add(answer)) {
                given.whenComplete((result, failure) -> {
                    if (failure == null) {
                        answer.complete(result);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
            }
            return answer;
        }

        private static CompletableFuture<FunctionMessage> ask(FunctionEndpoint endpoint, FunctionMessage message) {
            try {
                return endpoint.call(message).toCompletableFuture();
            } catch (RuntimeException | Error e) { // the function's code, not the caller's
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void close() {
            calls.close();
        }
    }
}
