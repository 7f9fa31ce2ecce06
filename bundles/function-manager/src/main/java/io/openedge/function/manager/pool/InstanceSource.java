package io.openedge.function.manager.pool;

import io.openedge.function.FunctionException;
import io.openedge.module.ModuleContext;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Where the instances of one function come from. Owned by the loop. */
interface InstanceSource {
    /** Through the gateway, or at the address that the configuration names. */
    static InstanceSource of(ModuleContext context, FunctionConfig function, Loop loop) {
        return function.address().isEmpty()
                ? new InstanceStarter(context, function, loop)
                : new FixedAddress(context, function, loop);
    }

    /** Gets an instance; one of the two is called, on the loop. After a failure nothing is left of it. */
    void start(Consumer<PooledInstance> started, Consumer<FunctionException> failed);

    /** Gives an instance up, whose connection is closed; completes when another may take its place. */
    CompletionStage<Void> stop(int number);

    /** Gives all up; completes when they are over. */
    CompletionStage<Void> stopAll();
}
