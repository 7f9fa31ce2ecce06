package io.openedge.module.runtime;

import io.openedge.function.FunctionException;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.util.Optional;

/**
 * The context of one instance, as its host holds it. The host closes it after the module; afterwards it hands out
 * nothing new. Thread rule: any thread.
 */
public interface HostedContext extends ModuleContext, AutoCloseable {
    /**
     * Serves the functions of the module over the network, when it was given an address there (OPENEDGE_SERVICE_INSTANCE_ADDRESS)
     * or else its configuration names one. No more calls are taken from {@link #stopping()} on; those in flight may be answered
     * until the context is closed.
     *
     * @return where; empty when neither names an address, or it has no functions
     * @throws FunctionException when it cannot be served there
     */
    Optional<String> serve(ModuleInstance started) throws FunctionException;

    /**
     * The instance is about to be stopped, and so may be what it is connected to: from now on the loss of a connection is no
     * warning. Idempotent.
     */
    void stopping();

    /**
     * Closes the connections that the module forgot, with a warning for each kind, and gives the logger's file back.
     * Idempotent.
     */
    @Override
    void close();
}
