package io.openedge.module.host;

import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import io.openedge.module.runtime.FunctionAccess;
import io.openedge.module.runtime.NetworkFunctions;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Carries function calls out of this process and into it, by the transport that a bundle offers; it is made when it is used
 * for the first time. Bundles do not come and go in here. Any thread.
 */
final class Transports implements FunctionAccess {
    private final NetworkFunctions network;

    Transports(BundleContext bundles) {
        this.network = new NetworkFunctions(() -> Optional.<ServiceReference<FunctionTransport>>ofNullable(
                        bundles.getServiceReference(FunctionTransport.class))
                .map(bundles::getService));
    }

    @Override
    public FunctionConnection connect(FunctionClientConfig config) throws FunctionException {
        if (config.inFramework()) {
            throw new FunctionException(
                    Kind.UNAVAILABLE,
                    "'" + config.address() + "' is inside the gateway; this module is a process of its own");
        }
        return network.connect(config);
    }

    @Override
    public FunctionTransport.Server serve(FunctionServerConfig config, FunctionEndpoint endpoint)
            throws FunctionException {
        return network.serve(config, endpoint);
    }
}
