package io.openedge.module;

/**
 * A program of the gateway, offered as a service with the property {@link #IMAGE}. Written once, it runs under every
 * engine.
 */
@FunctionalInterface
public interface Module {
    /** Service property: the module image that this service is, for example {@code openedge-hub}. */
    String IMAGE = "module.image";

    /**
     * Starts an instance; returns when it works. Called on a thread of the instance's own, which may be interrupted
     * when the instance is stopped meanwhile.
     *
     * @throws Exception when it cannot start; the message is for the operator
     */
    ModuleInstance start(ModuleContext context) throws Exception;
}
