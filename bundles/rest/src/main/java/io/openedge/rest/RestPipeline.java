package io.openedge.rest;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What every connection of a listener goes through. Owned by the listener's event loop. */
final class RestPipeline extends ChannelInitializer<Channel> {
    /** Unit: bytes. */
    static final int MAX_LINE = 4 << 10;
    /** All headers of a request together. Unit: bytes. */
    static final int MAX_HEADERS = 8 << 10;
    /** Unit: bytes. */
    static final int MAX_BODY = 1 << 20;

    private final Access access;
    private final Routes routes;
    private final Limits limits;
    private final Optional<SslContext> tls;
    private final ChannelGroup all;
    private final Connections connections;

    RestPipeline(Access access, Routes routes, Limits limits, Optional<SslContext> tls, ChannelGroup all) {
        this.access = access;
        this.routes = routes;
        this.limits = limits;
        this.tls = tls;
        this.all = all;
        this.connections = new Connections(limits);
    }

    @Override
    protected void initChannel(Channel channel) {
        all.add(channel);
        tls.ifPresent(context -> {
            SslHandler handler = context.newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(limits.header().toMillis());
            channel.pipeline().addLast(handler);
        });
        Deadlines deadlines = new Deadlines(limits);
        channel.pipeline()
                .addLast(
                        new IdleStateHandler(0, 0, limits.idle().toMillis(), TimeUnit.MILLISECONDS),
                        deadlines,
                        new HttpServerCodec(new HttpDecoderConfig()
                                .setMaxInitialLineLength(MAX_LINE)
                                .setMaxHeaderSize(MAX_HEADERS)),
                        new Gate(access, connections, deadlines),
                        new Malformed.Aggregator(),
                        new FlowControlHandler(),
                        new RequestHandler(access, routes));
        connections.enter(channel);
    }
}
