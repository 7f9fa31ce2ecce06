package io.openedge.master.account;

/** Who calls the gateway. */
public sealed interface Caller {
    /** The operator of the machine. */
    record Operator() implements Caller {}

    /**
     * A service of the application, by its token.
     *
     * @param name of the service
     */
    record Service(String name) implements Caller {}

    /**
     * An instance that was started through the API and has no token.
     *
     * @param name of the instance
     */
    record DynamicInstance(String name) implements Caller {}
}
