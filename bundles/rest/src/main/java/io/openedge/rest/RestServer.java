package io.openedge.rest;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.openedge.rest.client.ServerAddress;
import io.openedge.system.Gateways;
import io.openedge.system.ServerSettings;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the API to services and to the operator as long as there is a {@link Gateways}. One thread does all input
 * and output for services, another one for the operator; what takes time is the gateway's and answers later.
 */
@Component(
        service = {},
        immediate = true)
public final class RestServer {
    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLoopGroup group = new NioEventLoopGroup(2, new DefaultThreadFactory("rest"));
    private final ChannelGroup connections = new DefaultChannelGroup(group.next());
    private final List<Listener> listeners = new ArrayList<>();

    /** Binds both addresses; one that cannot be bound is told to the gateway, which then ends. */
    @Activate
    public RestServer(@Reference Gateways gateways) {
        this(gateways, PATIENCE, Limits.services(gateways.server().timeout()));
    }

    RestServer(Gateways gateways, Duration patience, Limits limits) {
        ServerSettings settings = gateways.server();
        Calls calls = new Calls(patience);
        try {
            ServerAddress services = ServerAddress.parse(settings.address());
            Optional<SslContext> tls = ServerTls.of(settings, services);
            open(
                    new ServerAddress.Unix(settings.operatorSocket()),
                    "rw-------",
                    new RestPipeline(
                            Access.operator(gateways),
                            Routes.forOperator(calls),
                            Limits.operator(settings.timeout()),
                            Optional.empty(),
                            connections));
            open(
                    services,
                    "rw-rw-rw-",
                    new RestPipeline(Access.byToken(gateways), Routes.forServices(calls), limits, tls, connections));
        } catch (IOException | IllegalArgumentException e) {
            close();
            gateways.unserviceable(e.getMessage());
        }
    }

    /** Ends all connections; sockets, their files and the thread are gone afterwards. */
    @Deactivate
    public void close() {
        listeners.forEach(Listener::close);
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** Where services are served. */
    SocketAddress address() {
        return listeners.get(listeners.size() - 1).address();
    }

    /** Each listener and its connections keep to one thread of their own. */
    private void open(ServerAddress address, String mode, RestPipeline pipeline) throws IOException {
        Listener listener = Listener.open(group.next(), address, mode, pipeline);
        listeners.add(listener);
        LOG.info("serving the API on {}", address);
    }
}
