package io.openedge.function.grpc;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.openedge.app.InvalidValueException;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import io.openedge.function.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Functions over gRPC. Made when it is used for the first time; its loops are shared by all connections and servers. */
@Component
public final class GrpcTransport implements FunctionTransport, AutoCloseable {
    private static final int MOST_LOOPS = 4;
    private static final int LOOKUPS = 2;
    private static final int LOOKUPS_WAITING = 200;
    private static final int STOP_SECONDS = 5;

    private final NioEventLoopGroup loops;
    private final ThreadPoolExecutor lookups;
    private final Lookup lookup;
    private final Set<GrpcConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<GrpcServer> servers = ConcurrentHashMap.newKeySet();

    /** Starts no thread. */
    @Activate
    public GrpcTransport() {
        int half = Runtime.getRuntime().availableProcessors() / 2;
        loops = new NioEventLoopGroup(
                Math.max(1, Math.min(MOST_LOOPS, half)), new DefaultThreadFactory("function-grpc", true));
        lookups = new ThreadPoolExecutor(
                LOOKUPS,
                LOOKUPS,
                1,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(LOOKUPS_WAITING),
                new DefaultThreadFactory("function-grpc-lookup", true));
        lookups.allowCoreThreadTimeOut(true);
        lookup = new Lookup(lookups);
    }

    @Override
    public FunctionConnection connect(FunctionClientConfig config) throws FunctionException {
        HostPort place = parse(config.address());
        Optional<SslContext> tls = Protocols.tls(config);
        GrpcConnection connection = new GrpcConnection(config, place, tls, loops.next(), lookup, connections::remove);
        connections.add(connection);
        return connection;
    }

    @Override
    public Server serve(FunctionServerConfig config, FunctionEndpoint endpoint) throws FunctionException {
        parse(config.address());
        Optional<SslContext> tls = Protocols.tls(config);
        GrpcServer server = new GrpcServer(config, endpoint, tls, loops, servers::remove);
        servers.add(server);
        return server;
    }

    private static HostPort parse(String address) throws FunctionException {
        try {
            return HostPort.parse(address);
        } catch (InvalidValueException e) {
            throw new FunctionException(Kind.UNAVAILABLE, e.getMessage());
        }
    }

    /** Ends what is left, and its threads. */
    @Deactivate
    @Override
    public void close() {
        List.copyOf(servers).forEach(GrpcServer::close);
        List.copyOf(connections).forEach(GrpcConnection::close);
        lookups.shutdownNow();
        loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    }
}
