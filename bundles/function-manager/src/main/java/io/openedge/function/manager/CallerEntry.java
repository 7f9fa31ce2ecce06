package io.openedge.function.manager;

import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.manager.pool.Lane;
import io.openedge.function.manager.pool.Loop;
import io.openedge.function.manager.pool.Outcome;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Calls of others, by the name of a function; each is one try, and trying again is the caller's. Thread rule: any thread. */
final class CallerEntry implements FunctionEndpoint {
    private static final int TRIES = 1;

    private final Map<String, Lane> lanes;
    private final Loop loop;
    private final InstantSource clock;

    /** @param lanes into the pools, by the name of the function; owned by the loop */
    CallerEntry(Map<String, Lane> lanes, Loop loop, InstantSource clock) {
        this.lanes = lanes;
        this.loop = loop;
        this.clock = clock;
    }

    @Override
    public CompletionStage<FunctionMessage> call(FunctionMessage message) {
        CompletableFuture<FunctionMessage> answer = new CompletableFuture<>();
        loop.execute(() -> submit(message, answer));
        return answer;
    }

    private void submit(FunctionMessage message, CompletableFuture<FunctionMessage> answer) {
        Lane lane = lanes.get(message.functionName());
        if (lane == null) {
            answer.completeExceptionally(
                    new FunctionException(Kind.NOT_FOUND, "Exception calling application: function not found"));
        } else if (!lane.reserve(message.payload().length)) {
            answer.completeExceptionally(new FunctionException(
                    Kind.UNAVAILABLE, "function " + message.functionName() + " has too many messages, or is stopping"));
        } else {
            lane.run(complete(message), TRIES, new Result(lane, message, answer));
        }
    }

    /** What a caller may leave out. */
    private FunctionMessage complete(FunctionMessage message) {
        return new FunctionMessage(
                message.id(),
                message.qos(),
                message.topic(),
                message.payload(),
                message.timestamp() == 0 ? clock.instant().getEpochSecond() : message.timestamp(),
                message.functionName(),
                message.functionInvokeId().isEmpty() ? UUID.randomUUID().toString() : message.functionInvokeId());
    }

    private record Result(Lane lane, FunctionMessage message, CompletableFuture<FunctionMessage> answer)
            implements Outcome {
        @Override
        public void answered(FunctionMessage result) {
            answer.complete(result);
            settled();
        }

        @Override
        public void failed(FunctionMessage asked, FunctionException error, int tries) {
            answer.completeExceptionally(error);
            settled();
        }

        @Override
        public boolean wanted() {
            return !answer.isDone();
        }

        @Override
        public void abandoned() {
            answer.completeExceptionally(new FunctionException(Kind.UNAVAILABLE, "the function manager stops"));
            settled();
        }

        private void settled() {
            lane.settled(message.payload().length);
        }
    }
}
