package io.openedge.hub.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.openedge.app.ConfigException;
import io.openedge.hub.session.Broker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Open listeners and the event loops of all connections. Whoever opens closes; afterwards no thread and no socket is
 * left. Thread rule: one thread opens and closes; {@link #openLater} goes on on another one until the close.
 */
public final class Listeners implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int LEAST_UNSENT = 16 * 1024;
    private static final int MOST_UNSENT = 256 * 1024;
    private static final int LOW_MARK = 4;

    private final Broker broker;
    private final String name;
    private final int threads;
    private final Gate gate;
    private final EventLoopGroup loops;
    private final ServerBootstrap bootstrap;
    private final List<Channel> channels = new ArrayList<>();
    private final Duration timeout;
    private @Nullable Security security;
    private @Nullable LateListeners late;
    private String useless = "";

    /**
     * @param name of the threads
     * @param threads event loops
     * @param timeout how long a close may take
     */
    public Listeners(Broker broker, String name, int threads, Duration timeout) {
        this.broker = broker;
        this.name = name;
        this.threads = threads;
        this.timeout = timeout;
        gate = new Gate(broker.limits(), broker.log());
        boolean epoll = Epoll.isAvailable();
        if (!epoll) {
            broker.log().info("NIO in the place of epoll: {}", reason(Epoll.unavailabilityCause()));
        }
        ThreadFactory factory = new DefaultThreadFactory(name);
        loops = epoll ? new EpollEventLoopGroup(threads, factory) : new NioEventLoopGroup(threads, factory);
        // TCP_NODELAY is netty's default: once more would be a system call for each connection
        bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                        if (gate.enter((Channel) accepted)) {
                            ctx.fireChannelRead(accepted);
                        } else {
                            ((Channel) accepted).unsafe().closeForcibly();
                        }
                    }

                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                });
    }

    /** The loops of all connections. */
    public EventLoopGroup loops() {
        return loops;
    }

    /**
     * Reads the certificates for ssl and wss listeners, which are opened afterwards; they are read again when they
     * change. Does nothing when that was done.
     *
     * @throws ConfigException names the file and what is wrong with it
     */
    public void secure(CertificateFiles files) throws ConfigException {
        if (security == null) {
            useless = files.stamp(); // before they are read: what comes meanwhile is looked at again
            security = new Security(files, name, threads, broker.log());
        }
    }

    /** What the bytes of a client go through: TLS and WebSocket as the listener has them, then MQTT. */
    private ChannelInitializer<SocketChannel> pipeline(ListenAddress address) {
        Security tls = address.secure() ? Objects.requireNonNull(security, "no certificates") : null;
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                if (!gate.stays(channel)) {
                    channel.close();
                    return;
                }
                channel.config().setWriteBufferWaterMark(unsent());
                if (tls != null) {
                    tls.addTo(channel, broker.limits().connectTimeout());
                }
                if (address.web()) {
                    new WebHandshake(address.path()).addTo(channel.pipeline());
                }
                channel.pipeline().addLast(new PacketDecoder(broker, () -> gate.known(channel)));
            }
        };
    }

    /** What a client may leave unread: the less the more clients there are, since all of them might. */
    private WriteBufferWaterMark unsent() {
        long share = broker.limits().waitingBytes() / Math.max(1, gate.taken());
        int high = (int) Math.max(LEAST_UNSENT, Math.min(share, MOST_UNSENT));
        return new WriteBufferWaterMark(high / LOW_MARK, high);
    }

    /**
     * Listens.
     *
     * @return the address, with the port that was free when 0 was asked for
     * @throws IOException names the listener and why it cannot be opened
     */
    public InetSocketAddress open(ListenAddress address) throws IOException {
        ChannelFuture bound = bootstrap
                .clone()
                .childHandler(pipeline(address))
                .bind(resolve(address), address.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(address.text() + ": cannot listen: " + reason(bound.cause()), bound.cause());
        }
        channels.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /**
     * Goes on trying listeners whose certificates could not be used; returns at once. Called once, after the others are
     * open.
     */
    public void openLater(List<ListenAddress> waiting, CertificateFiles files) {
        late = new LateListeners(
                waiting,
                files,
                useless,
                address -> {
                    secure(files);
                    return open(address);
                },
                name,
                broker.log());
    }

    private static InetAddress resolve(ListenAddress address) throws IOException {
        try {
            return address.host().isEmpty()
                    ? new InetSocketAddress(0).getAddress()
                    : InetAddress.getByName(address.host());
        } catch (UnknownHostException e) {
            throw new IOException(address.text() + ": cannot listen: unknown host " + address.host(), e);
        }
    }

    /** The kernel's words; epoll puts its call and a number before them. */
    private static String reason(Throwable cause) {
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return message.replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
    }

    @Override
    public void close() {
        if (late != null) {
            late.close();
        }
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
        channels.clear();
        loops.shutdownGracefully(0, timeout.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(timeout.toMillis());
        if (security != null) {
            security.close();
        }
    }
}
