package io.openedge.module.runtime;

import io.openedge.module.ModuleContext;

/**
 * The context of one instance, as its host holds it. The host closes it after the module; afterwards it hands out
 * nothing new. Thread rule: any thread.
 */
public interface HostedContext extends ModuleContext, AutoCloseable {
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
