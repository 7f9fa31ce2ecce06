package io.openedge.function;

/** Carries function calls between processes. Offered as a service by an optional feature. Thread rule: any thread. */
public interface FunctionTransport {
    /**
     * Makes a connection, which connects by itself and again after a loss.
     *
     * @param config its address is {@code host:port}, its files are absolute
     * @throws FunctionException when the address is none or a file cannot be used
     */
    FunctionConnection connect(FunctionClientConfig config) throws FunctionException;

    /**
     * Serves an endpoint until the result is closed.
     *
     * @param config its address is {@code host:port}, port 0 picks one; its files are absolute
     * @throws FunctionException when it cannot listen there or a file cannot be used
     */
    Server serve(FunctionServerConfig config, FunctionEndpoint endpoint) throws FunctionException;

    /** An endpoint that is being served. */
    interface Server extends AutoCloseable {
        /** {@code host:port} that it listens on. */
        String address();

        /** Takes no more calls; those in flight are still answered. Returns at once. Idempotent. */
        void drain();

        /** Ends at once; calls in flight get no answer. Idempotent. */
        @Override
        void close();
    }
}
