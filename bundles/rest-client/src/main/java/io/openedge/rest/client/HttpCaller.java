package io.openedge.rest.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import io.openedge.config.Tls;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests over a unix socket, TCP or TLS, each on a connection of its own. Any thread; answers arrive on the one thread
 * of the caller, which must not be blocked. Answers up to 16 MiB.
 *
 * <p>Errors: a future completes with an {@link IOException} that names the address when there is no answer in time.
 */
public final class HttpCaller implements AutoCloseable {
    private static final int MAX_ANSWER = 16 << 20;

    private final ServerAddress address;
    private final Optional<SslContext> tls;
    private final EventLoopGroup group = new NioEventLoopGroup(1, new DefaultThreadFactory("rest-client", true));

    /** @param address of the server; behind TLS, its certificate is one of the system's authorities */
    public HttpCaller(ServerAddress address) {
        this.address = address;
        this.tls = address instanceof ServerAddress.Https ? Optional.of(ClientTls.system()) : Optional.empty();
    }

    /**
     * @param address of the server
     * @param tls authorities beside the system's, and the certificate to show when the server asks for one
     */
    public HttpCaller(ServerAddress address, Tls tls) {
        this.address = address;
        this.tls = address instanceof ServerAddress.Https ? Optional.of(ClientTls.of(tls)) : Optional.empty();
    }

    /**
     * @param address of the server
     * @param fingerprint of the one certificate that the server may show, SHA-256 in hex; whatever names are in it, it is the
     *     right one
     */
    public HttpCaller(ServerAddress address, String fingerprint) {
        this.address = address;
        this.tls =
                address instanceof ServerAddress.Https ? Optional.of(ClientTls.pinned(fingerprint)) : Optional.empty();
    }

    /** Sends a request. */
    public CompletableFuture<HttpAnswer> send(HttpCall call) {
        CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
        ChannelFuture connected = bootstrap(answer).connect(address.resolve());
        Channel channel = connected.channel();
        ScheduledFuture<?> limit = channel.eventLoop()
                .schedule(
                        () -> answer.completeExceptionally(
                                new IOException(address + ": no answer within " + call.limit())),
                        call.limit().toNanos(),
                        TimeUnit.NANOSECONDS);
        answer.whenComplete((result, failure) -> {
            limit.cancel(false);
            channel.close();
        });
        connected.addListener(done -> {
            if (done.isSuccess()) {
                channel.writeAndFlush(request(call)).addListener(written -> fail(answer, written.cause()));
            } else {
                fail(answer, done.cause());
            }
        });
        return answer;
    }

    /** Gives up what is under way and ends the thread. Not to be called on that thread. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private Bootstrap bootstrap(CompletableFuture<HttpAnswer> answer) {
        return new Bootstrap()
                .group(group)
                .channelFactory(
                        address instanceof ServerAddress.Unix ? NioDomainSocketChannel::new : NioSocketChannel::new)
                .option(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (address instanceof ServerAddress.Https server) {
                            tls.ifPresent(context -> channel.pipeline()
                                    .addLast(context.newHandler(channel.alloc(), server.host(), server.port())));
                        }
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(MAX_ANSWER),
                                        new AnswerHandler(address, answer));
                    }
                });
    }

    private FullHttpRequest request(HttpCall call) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(call.method()),
                call.path(),
                Unpooled.wrappedBuffer(call.body()));
        call.headers().forEach((name, value) -> request.headers().set(name, value));
        request.headers().set(HttpHeaderNames.HOST, host()).set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (call.body().length > 0) {
            request.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                    .set(HttpHeaderNames.CONTENT_LENGTH, call.body().length);
        } else if (!"GET".equals(call.method())) {
            request.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        }
        return request;
    }

    private String host() {
        if (address instanceof ServerAddress.Https server) {
            return server.host();
        }
        return address instanceof ServerAddress.Tcp server ? server.host() : "localhost";
    }

    // A server may answer and close before it has read the whole request: then the answer counts, not the failed write.
    private void fail(CompletableFuture<HttpAnswer> answer, Throwable cause) {
        if (cause != null && !(cause instanceof java.nio.channels.ClosedChannelException)) {
            answer.completeExceptionally(AnswerHandler.unreachable(address, cause));
        }
    }
}
