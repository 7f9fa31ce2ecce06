package io.openedge.system;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a caller may ask of the gateway, bound by the master to the caller's rights: an instance's, or the operator's.
 *
 * <p>Thread rule: any thread; nothing blocks. Errors: a call that is refused throws, or completes with, a
 * {@link GatewayException}.
 */
public interface Gateway {
    /** What the gateway is and what runs on it. */
    Inspect inspect();

    /**
     * What an update would do; nothing that runs is touched. Looks at images, packages, folders and ports as the update
     * itself does, for which it may load bundles of the installation. Fails as {@link GatewayException.Kind#INVALID} with
     * all that is wrong with an application that would be refused, a line each.
     *
     * @param path an application.yml, a folder that holds one, or a zip archive of one with volumes at their paths; in the
     *     work directory; empty: the current file
     */
    CompletionStage<UpdatePlan> plan(String path);

    /**
     * Whether an application set may come in, by who signed it; {@link #update} looks at that again. Completes when it may,
     * and fails as {@link GatewayException.Kind#FORBIDDEN} when it may not, with why. By default every one may.
     *
     * @param path as for {@link #plan}
     */
    default CompletionStage<Void> admit(String path) {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Updates the application; returns at once. One update runs at a time.
     *
     * @param path as for {@link #plan}
     */
    CompletionStage<UpdateResult> update(String path);

    /** Gives up the update that runs, when it has not been committed; without effect otherwise. */
    void cancel();

    /** How the update that runs goes on; {@link UpdateProgress#NONE} when none runs. */
    UpdateProgress progress();

    /** Stops and starts all instances of a service; completes when they run again. */
    CompletionStage<Void> restart(String service);

    /**
     * Starts an instance on demand; one of that name that runs is stopped first.
     *
     * @param configuration further variables for its environment
     * @return completes when it works, with the address where a caller reaches it, empty when it serves none;
     *     exceptionally when its first run failed
     */
    CompletionStage<String> startInstance(String service, String instance, Map<String, String> configuration);

    /** Stops an instance for good; completes when it is over, also when there was none. */
    CompletionStage<Void> stopInstance(String service, String instance);

    /** Replaces values that an instance says of itself; they appear beside its state in {@link Inspect}. */
    void report(String service, String instance, Map<String, Object> values);

    /** A TCP port of the host that is free now and is not handed out again for a while. */
    int availablePort();

    /** Whether every instance of the application has run, waits for something, or has failed once. */
    boolean settled();
}
