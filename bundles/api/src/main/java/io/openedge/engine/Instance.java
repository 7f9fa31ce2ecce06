package io.openedge.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One run of an instance. Thread rule: any thread. */
public interface Instance {
    /** Completes when the instance works; until then it is pending. Never completes when it ends before. */
    CompletionStage<Void> running();

    /** Why the instance is pending, when it waits for something that is not there, for example its bundle. */
    Optional<String> waitingFor();

    /** Completes when the run is over, also after {@link #stop}. Never completes exceptionally. */
    CompletionStage<Exit> exited();

    /** Starts the next run, in place: what the instance wrote is still there. Only after {@link #exited()}. */
    Instance restart();

    /** Stops the run; returns when it is over, at most {@code grace} and the time of a kill later. Idempotent. */
    void stop(Duration grace);

    /**
     * Runs a command inside the instance.
     *
     * @return its exit code
     * @throws EngineException when the engine cannot do that, or the limit passed
     */
    int exec(List<String> command, Duration limit) throws EngineException;

    /** What finds the run again after a crash of the gateway. */
    InstanceRecord record();

    /** Where a caller reaches the instance: {@code osgi:INSTANCE} inside the framework, else {@code host:port}. */
    Optional<String> address();

    /** Where a caller under that engine reaches it; a container and this host may see different addresses. */
    default Optional<String> address(String engine) {
        return address();
    }

    /** What it uses now, when its engine knows: a container. Answers at once. */
    InstanceStats stats();

    /**
     * The processes of this host that run for it: roots of trees, of which the host knows what they use when
     * {@link #stats()} does not. Answers at once.
     */
    default List<ProcessHandle> processes() {
        return List.of();
    }
}
