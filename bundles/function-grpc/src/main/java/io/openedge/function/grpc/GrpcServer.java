package io.openedge.function.grpc;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslContext;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import io.openedge.function.HostPort;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An endpoint that listens. Thread rule: any thread; calls run on the loops. */
final class GrpcServer implements FunctionTransport.Server {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);
    private static final int MOST_CONNECTIONS = 256;
    private static final int BACKLOG = 128;
    private static final int WINDOW = 1 << 20;
    private static final int LONGEST_HEADERS = 16 << 10;
    private static final int DRAIN_MILLIS = 60_000;
    private static final int CLOSE_MILLIS = 2_000;
    /** A client that gives up many calls at once is none that attacks. */
    private static final int RESETS_WINDOW_SECONDS = 30;
    /** Of the heap, for messages and results in flight. */
    private static final int SHARE = 8;

    private final FunctionEndpoint endpoint;
    private final FunctionServerConfig config;
    private final Optional<SslContext> tls;
    private final Admission admission;
    private final Consumer<GrpcServer> whenClosed;
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Channel listener;

    /** @throws FunctionException when it cannot listen there */
    GrpcServer(
            FunctionServerConfig config,
            FunctionEndpoint endpoint,
            Optional<SslContext> tls,
            EventLoopGroup loops,
            Consumer<GrpcServer> whenClosed)
            throws FunctionException {
        this.endpoint = endpoint;
        this.config = config;
        this.tls = tls;
        this.admission = new Admission(
                config.concurrent().max(),
                Math.max(config.longest(), Runtime.getRuntime().maxMemory() / SHARE));
        this.whenClosed = whenClosed;
        HostPort place = HostPort.parse(config.address());
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connected(channel);
                    }
                })
                .bind(new InetSocketAddress(place.host(), place.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new FunctionException(Kind.UNAVAILABLE, "cannot listen at " + place + ": " + reason(bound.cause()));
        }
        listener = bound.channel();
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private void connected(Channel channel) {
        connections.add(channel);
        channel.closeFuture().addListener(gone -> connections.remove(channel));
        if (draining.get() || connections.size() > MOST_CONNECTIONS) {
            channel.close();
            return;
        }
        Sockets.configure(channel);
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(config.concurrent().max())
                        .initialWindowSize(WINDOW)
                        .maxHeaderListSize(LONGEST_HEADERS))
                .decoderEnforceMaxRstFramesPerWindow(
                        200 + 2 * config.concurrent().max(), RESETS_WINDOW_SECONDS)
                .gracefulShutdownTimeoutMillis(DRAIN_MILLIS)
                .build();
        Protocols.begin(
                channel.pipeline(),
                tls.map(context -> context.newHandler(channel.alloc())),
                List.of(codec, new ServerLink(endpoint, admission, config.longest())),
                failure -> LOG.debug("{}: {} does not speak TLS: {}", address(), channel.remoteAddress(), failure));
    }

    @Override
    public String address() {
        InetSocketAddress at = (InetSocketAddress) listener.localAddress();
        return new HostPort(HostPort.parse(config.address()).host(), at == null ? 0 : at.getPort()).toString();
    }

    @Override
    public void drain() {
        if (draining.compareAndSet(false, true)) {
            listener.close();
            List.copyOf(connections).forEach(Channel::close); // HTTP/2 says farewell and waits for the calls
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        draining.set(true);
        ChannelFuture last = listener.close();
        for (Channel channel : List.copyOf(connections)) {
            channel.eventLoop()
                    .execute(() -> Optional.ofNullable(channel.pipeline().firstContext())
                            .ifPresent(first -> first.close()));
        }
        if (!listener.eventLoop().inEventLoop()) {
            last.awaitUninterruptibly(CLOSE_MILLIS);
        }
        whenClosed.accept(this);
    }
}
