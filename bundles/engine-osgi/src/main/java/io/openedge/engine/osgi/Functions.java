package io.openedge.engine.osgi;

import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import io.openedge.module.runtime.FunctionAccess;
import io.openedge.module.runtime.NetworkFunctions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** Finds functions: those of this framework directly, others through the transport that a bundle may offer. */
final class Functions implements FunctionAccess {
    private final Endpoints endpoints;
    private final ServiceTracker<FunctionTransport, Offer> transports;
    private final NetworkFunctions network;

    Functions(Endpoints endpoints, BundleContext bundles) {
        this.endpoints = endpoints;
        this.transports = new ServiceTracker<>(bundles, FunctionTransport.class, new Offers(bundles));
        this.network = new NetworkFunctions(this::transport);
        transports.open();
    }

    private Optional<FunctionTransport> transport() {
        return Optional.ofNullable(transports.getService()).map(Offer::get);
    }

    /** A transport is made when it is used for the first time, not when it is offered. */
    private static final class Offer {
        private final BundleContext bundles;
        private final ServiceReference<FunctionTransport> reference;
        private @Nullable FunctionTransport transport; // guarded by this

        Offer(BundleContext bundles, ServiceReference<FunctionTransport> reference) {
            this.bundles = bundles;
            this.reference = reference;
        }

        /** Null when its bundle cannot make it, or has just gone. */
        synchronized @Nullable FunctionTransport get() {
            if (transport == null) {
                transport = bundles.getService(reference);
            }
            return transport;
        }

        synchronized void giveBack() {
            if (transport != null) {
                transport = null;
                bundles.ungetService(reference);
            }
        }
    }

    private final class Offers implements ServiceTrackerCustomizer<FunctionTransport, Offer> {
        private final BundleContext bundles;

        Offers(BundleContext bundles) {
            this.bundles = bundles;
        }

        @Override
        public Offer addingService(ServiceReference<FunctionTransport> reference) {
            Offer offer = new Offer(bundles, reference);
            network.offered(() -> Optional.ofNullable(offer.get()));
            return offer;
        }

        @Override
        public void modifiedService(ServiceReference<FunctionTransport> reference, Offer offer) {}

        @Override
        public void removedService(ServiceReference<FunctionTransport> reference, Offer offer) {
            network.withdrawn();
            offer.giveBack();
        }
    }

    @Override
    public FunctionConnection connect(FunctionClientConfig config) throws FunctionException {
        return config.inFramework()
                ? endpoints.connect(config.address().substring(FunctionClientConfig.IN_FRAMEWORK.length()))
                : network.connect(config);
    }

    @Override
    public FunctionTransport.Server serve(FunctionServerConfig config, FunctionEndpoint endpoint)
            throws FunctionException {
        return network.serve(config, endpoint);
    }

    void close() {
        transports.close();
    }
}
