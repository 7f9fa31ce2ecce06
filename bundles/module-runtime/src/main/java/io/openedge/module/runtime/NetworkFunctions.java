package io.openedge.module.runtime;

import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Functions over the network, through the transport that a bundle may offer. What is served outlives the transport: the
 * next one takes it over. Thread rule: any thread.
 */
public final class NetworkFunctions implements FunctionAccess {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkFunctions.class);

    private final Supplier<Optional<FunctionTransport>> transport;
    private final Set<Served> served = ConcurrentHashMap.newKeySet();

    /** @param transport the one that is offered now; never blocks for long */
    public NetworkFunctions(Supplier<Optional<FunctionTransport>> transport) {
        this.transport = transport;
    }

    @Override
    public FunctionConnection connect(FunctionClientConfig config) throws FunctionException {
        return transport(config.address()).connect(config);
    }

    @Override
    public FunctionTransport.Server serve(FunctionServerConfig config, FunctionEndpoint endpoint)
            throws FunctionException {
        Served server = new Served(endpoint, config, transport(config.address()).serve(config, endpoint));
        served.add(server);
        return server;
    }

    /** A transport is offered: it takes over what lost its own. Asked for it only when there is something to take over. */
    public void offered(Supplier<Optional<FunctionTransport>> next) {
        List.copyOf(served).forEach(server -> server.goOn(next));
    }

    /** The transport is no longer offered: what it serves goes over to another, or waits for one. */
    public void withdrawn() {
        for (Served server : List.copyOf(served)) {
            server.lose();
            server.goOn(transport);
        }
    }

    private FunctionTransport transport(String address) throws FunctionException {
        return transport
                .get()
                .orElseThrow(() -> new FunctionException(
                        Kind.UNAVAILABLE,
                        "no transport for the address '" + address
                                + "': no bundle offers one; the feature function-grpc does"));
    }

    private final class Served implements FunctionTransport.Server {
        private final FunctionEndpoint endpoint;
        private final FunctionServerConfig config;
        /** Null while there is no transport. */
        private final AtomicReference<FunctionTransport.@Nullable Server> server;

        private volatile boolean over;

        Served(FunctionEndpoint endpoint, FunctionServerConfig config, FunctionTransport.Server server) {
            this.endpoint = endpoint;
            this.config = config.at(server.address());
            this.server = new AtomicReference<>(server);
        }

        @Override
        public String address() {
            return config.address();
        }

        private void lose() {
            if (!over && closeServer()) {
                LOG.warn("functions at {} are not served until there is a transport again", address());
            }
        }

        private void goOn(Supplier<Optional<FunctionTransport>> next) {
            if (over || server.get() != null) {
                return;
            }
            Optional<FunctionTransport> found = next.get();
            try {
                if (found.isPresent()) {
                    take(found.get().serve(config, endpoint));
                }
            } catch (FunctionException e) {
                LOG.error("functions at {} are not served any more: {}", address(), e.getMessage());
            }
        }

        private void take(FunctionTransport.Server next) {
            if (!server.compareAndSet(null, next)) {
                next.close();
                return;
            }
            if (over) { // read after the server was set: either this or close() ends it
                closeServer();
            } else {
                LOG.info("functions at {} are served again", address());
            }
        }

        private boolean closeServer() {
            FunctionTransport.Server last = server.getAndSet(null);
            if (last != null) {
                last.close();
            }
            return last != null;
        }

        @Override
        public void drain() {
            over = true;
            Optional.ofNullable(server.get()).ifPresent(FunctionTransport.Server::drain);
        }

        @Override
        public void close() {
            over = true;
            served.remove(this);
            closeServer();
        }
    }
}
