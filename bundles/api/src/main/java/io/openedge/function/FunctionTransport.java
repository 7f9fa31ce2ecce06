package io.openedge.function;

/** Carries function calls between processes. Offered as a service by an optional feature. Thread rule: any thread. */
public interface FunctionTransport {
    /**
     * @param address {@code host:port}
     * @throws FunctionException when the address is none
     */
    FunctionConnection connect(String address) throws FunctionException;

    /**
     * Serves an endpoint until the result is closed.
     *
     * @param address {@code host:port}; port 0 picks one
     * @throws FunctionException when it cannot listen there
     */
    Server serve(String address, FunctionEndpoint endpoint) throws FunctionException;

    /** An endpoint that is being served. */
    interface Server extends AutoCloseable {
        /** {@code host:port} that it listens on. */
        String address();

        @Override
        void close();
    }
}
