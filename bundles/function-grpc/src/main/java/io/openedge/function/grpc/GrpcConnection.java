package io.openedge.function.grpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.HostPort;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a server. Connects when it is first used, and again after a loss at the next call. Thread rule: any
 * thread; the work is done on one loop.
 */
final class GrpcConnection implements FunctionConnection, ClientLink.Events {
    private static final int MOST_IN_FLIGHT = 1000;
    private static final int CONNECT_MILLIS = 10_000;
    private static final long FIRST_RETRY_MILLIS = 50;
    private static final long LONGEST_RETRY_MILLIS = 1000;
    private static final int WINDOW = 1 << 20;
    private static final int LONGEST_HEADERS = 32 << 10;

    private final FunctionClientConfig config;
    private final HostPort place;
    private final Optional<SslContext> tls;
    private final EventLoop loop;
    private final Lookup lookup;
    private final Consumer<GrpcConnection> whenClosed;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Set<ClientLink> links = ConcurrentHashMap.newKeySet();
    private @Nullable ClientLink current; // on the loop
    private long retryMillis = FIRST_RETRY_MILLIS; // on the loop
    private boolean awaited; // on the loop

    GrpcConnection(
            FunctionClientConfig config,
            HostPort place,
            Optional<SslContext> tls,
            EventLoop loop,
            Lookup lookup,
            Consumer<GrpcConnection> whenClosed) {
        this.config = config;
        this.place = place;
        this.tls = tls;
        this.loop = loop;
        this.lookup = lookup;
        this.whenClosed = whenClosed;
    }

    @Override
    public CompletionStage<Void> ready() {
        if (closed.isDone()) {
            return CompletableFuture.failedFuture(closedAlready());
        }
        execute(() -> {
            awaited = true;
            if (!ready.isDone() && !closed.isDone()) {
                link();
            }
        });
        return ready.copy();
    }

    @Override
    public CompletionStage<FunctionMessage> call(FunctionMessage message) {
        if (message.payload().length > config.longest()) {
            return failed(
                    Kind.TOO_LARGE,
                    "message of " + message.payload().length + " bytes is larger than " + config.longest());
        }
        if (closed.isDone()) {
            return CompletableFuture.failedFuture(closedAlready());
        }
        if (inFlight.incrementAndGet() > MOST_IN_FLIGHT) {
            inFlight.decrementAndGet();
            return failed(Kind.BUSY, "too many calls in flight to " + place);
        }
        CompletableFuture<FunctionMessage> answer = new CompletableFuture<>();
        ClientCall call = new ClientCall(message, answer, config.longest());
        answer.whenComplete((got, error) -> inFlight.decrementAndGet());
        if (!execute(() -> begin(call, answer))) {
            call.refused("the transport has stopped");
        }
        return answer;
    }

    private static CompletionStage<FunctionMessage> failed(Kind kind, String words) {
        return CompletableFuture.failedFuture(new FunctionException(kind, words));
    }

    private boolean execute(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }

    private void begin(ClientCall call, CompletableFuture<FunctionMessage> answer) {
        if (closed.isDone()) {
            call.fail(closedAlready());
            return;
        }
        if (call.over()) { // cancelled before it began
            return;
        }
        if (!config.timeout().isZero()) {
            call.limit(loop.schedule(
                    () -> answer.completeExceptionally(ClientLink.noAnswer(config.timeout())),
                    config.timeout().toMillis(),
                    TimeUnit.MILLISECONDS));
        }
        ClientLink link = link();
        answer.whenComplete((got, error) -> onLoop(() -> link.cancel(call))); // without effect when it has ended there
        link.call(call);
    }

    private FunctionException closedAlready() {
        return new FunctionException(Kind.UNAVAILABLE, "the connection to " + place + " is closed");
    }

    /** The connection that takes calls now; it may still be on its way. */
    private ClientLink link() {
        if (current == null) {
            Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                    .initialSettings(Http2Settings.defaultSettings()
                            .pushEnabled(false)
                            .initialWindowSize(WINDOW)
                            .maxHeaderListSize(LONGEST_HEADERS))
                    .encoderEnforceMaxConcurrentStreams(true)
                    .gracefulShutdownTimeoutMillis(0)
                    .build();
            String host = config.name().isEmpty() ? place.host() : config.name();
            ClientLink link = new ClientLink(
                    new HostPort(host, place.port()).toString(), tls.isPresent(), config.timeout(), this);
            links.add(link);
            current = link;
            lookup.find(place, loop, address -> connect(link, codec, host, address), error -> {
                link.cause(error);
                link.down();
            });
        }
        return current;
    }

    private void connect(ClientLink link, Http2FrameCodec codec, String host, SocketAddress address) {
        if (closed.isDone()) {
            link.down();
            return;
        }
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Sockets.configure(channel);
                        Optional<SslHandler> handshake =
                                tls.map(context -> context.newHandler(channel.alloc(), host, place.port()));
                        Protocols.begin(channel.pipeline(), handshake, List.of(codec, link), link::cause);
                        // later, since TLS closes before it says why
                        channel.closeFuture().addListener(gone -> execute(link::down));
                    }
                })
                .connect(address);
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                link.cause(done.cause());
                link.down();
            }
        });
    }

    @Override
    public void up() {
        retryMillis = FIRST_RETRY_MILLIS;
        ready.complete(null);
    }

    @Override
    public void leaving(ClientLink link) {
        if (current == link) {
            current = null;
        }
    }

    @Override
    public void down(ClientLink link, Throwable reason) {
        links.remove(link);
        if (!awaited || ready.isDone() || closed.isDone()) {
            return;
        }
        if (reason instanceof SSLException
                || reason instanceof Http2Exception) { // it is there, and will not become another by itself
            ready.completeExceptionally(new FunctionException(Kind.UNAVAILABLE, place + ": " + reason.getMessage()));
            return;
        }
        loop.schedule(
                () -> {
                    if (!closed.isDone()) {
                        link();
                    }
                },
                retryMillis,
                TimeUnit.MILLISECONDS);
        retryMillis = Math.min(2 * retryMillis, LONGEST_RETRY_MILLIS);
    }

    @Override
    public void close() {
        if (!closed.complete(null)) {
            return;
        }
        ready.completeExceptionally(closedAlready());
        whenClosed.accept(this);
        execute(() -> {
            for (ClientLink link : List.copyOf(links)) {
                link.cause(closedAlready());
                link.close();
            }
        });
    }
}
