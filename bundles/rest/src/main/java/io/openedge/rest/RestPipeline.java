package io.openedge.rest;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What every connection goes through; TLS takes the first place when it comes. */
final class RestPipeline extends ChannelInitializer<Channel> {
    /** Unit: bytes. */
    static final int MAX_LINE = 4 << 10;
    /** All headers of a request together. Unit: bytes. */
    static final int MAX_HEADERS = 8 << 10;
    /** Unit: bytes. */
    static final int MAX_BODY = 1 << 20;

    private final Access access;
    private final Routes routes;
    private final Duration idle;
    private final ChannelGroup connections;

    RestPipeline(Access access, Routes routes, Duration idle, ChannelGroup connections) {
        this.access = access;
        this.routes = routes;
        this.idle = idle;
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        connections.add(channel);
        channel.pipeline()
                .addLast(
                        new IdleStateHandler(0, 0, idle.toMillis(), TimeUnit.MILLISECONDS),
                        new HttpServerCodec(new HttpDecoderConfig()
                                .setMaxInitialLineLength(MAX_LINE)
                                .setMaxHeaderSize(MAX_HEADERS)),
                        new Malformed.Aggregator(),
                        new FlowControlHandler(),
                        new RequestHandler(access, routes));
    }
}
