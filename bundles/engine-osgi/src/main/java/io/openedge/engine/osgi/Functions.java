package io.openedge.engine.osgi;

import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionTransport;
import io.openedge.module.runtime.FunctionResolver;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/** Finds functions: those of this framework directly, others through the transport that a bundle may offer. */
final class Functions implements FunctionResolver {
    private final Endpoints endpoints;
    private final ServiceTracker<FunctionTransport, FunctionTransport> transports;

    Functions(Endpoints endpoints, BundleContext bundles) {
        this.endpoints = endpoints;
        this.transports = new ServiceTracker<>(bundles, FunctionTransport.class, null);
        transports.open();
    }

    @Override
    public FunctionConnection resolve(String address) throws FunctionException {
        if (address.startsWith(Endpoints.SCHEME)) {
            return endpoints.connect(address.substring(Endpoints.SCHEME.length()));
        }
        Optional<FunctionTransport> transport = Optional.ofNullable(transports.getService());
        if (transport.isEmpty()) {
            throw new FunctionException(
                    Kind.UNAVAILABLE, "no transport for the address '" + address + "': no bundle offers one");
        }
        return transport.get().connect(address);
    }

    void close() {
        transports.close();
    }
}
