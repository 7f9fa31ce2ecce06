package io.openedge.hub.metrics;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.openedge.hub.session.Broker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Answers {@code GET /metrics}, one request a connection, on a thread of its own, so that who reads it takes nothing from
 * the clients' loops. Whoever opens it closes it.
 */
public final class MetricsServer implements AutoCloseable {
    private static final int LONGEST = 4096;
    private static final int TIMEOUT_SECONDS = 10;

    private final EventLoopGroup loop;
    private final Channel channel;
    private final long started = System.nanoTime();

    /**
     * Listens.
     *
     * @param name of the thread
     * @throws IOException when the address cannot be used
     */
    public MetricsServer(Broker broker, String name, InetSocketAddress address) throws IOException {
        loop = new NioEventLoopGroup(1, new DefaultThreadFactory(name + "-prometheus"));
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        client.pipeline()
                                .addLast(new ReadTimeoutHandler(TIMEOUT_SECONDS))
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(LONGEST))
                                .addLast(new Answer(broker));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        channel = bound.channel();
        if (!bound.isSuccess()) {
            close();
            throw new IOException("metrics.listen: cannot listen at " + address + ": " + bound.cause(), bound.cause());
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final Broker broker;

        Answer(Broker broker) {
            this.broker = broker;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            boolean known = request.method().equals(HttpMethod.GET)
                    && request.decoderResult().isSuccess()
                    && request.uri().equals("/metrics");
            long uptime = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
            byte[] text = (known ? Exposition.of(broker, uptime) : "there is only GET /metrics\n")
                    .getBytes(StandardCharsets.UTF_8);
            DefaultFullHttpResponse answer = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    known ? HttpResponseStatus.OK : HttpResponseStatus.NOT_FOUND,
                    Unpooled.wrappedBuffer(text));
            answer.headers().set(HttpHeaderNames.CONTENT_TYPE, Exposition.TYPE);
            answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, text.length);
            answer.headers().set(HttpHeaderNames.CONNECTION, "close");
            ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            broker.log().debug("a reader of metrics broke: {}", cause.toString());
            ctx.close();
        }
    }
}
