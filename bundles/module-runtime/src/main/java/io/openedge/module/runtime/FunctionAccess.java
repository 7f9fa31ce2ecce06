package io.openedge.module.runtime;

import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;

/** How a host reaches functions elsewhere and lets others reach its own. Thread rule: any thread. */
public interface FunctionAccess {
    /**
     * Functions at an address.
     *
     * @param config its files are absolute
     * @throws FunctionException when nothing can serve that address here
     */
    FunctionConnection connect(FunctionClientConfig config) throws FunctionException;

    /**
     * Serves an endpoint over the network.
     *
     * @param config with an address; its files are absolute
     * @throws FunctionException when it cannot be served there
     */
    FunctionTransport.Server serve(FunctionServerConfig config, FunctionEndpoint endpoint) throws FunctionException;
}
