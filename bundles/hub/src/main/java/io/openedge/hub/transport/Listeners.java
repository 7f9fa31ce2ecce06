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
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.openedge.hub.session.Broker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Open listeners and the event loops of all connections. Whoever opens closes; afterwards no thread and no socket is
 * left. Thread rule: one thread opens and closes.
 */
public final class Listeners implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int LEAST_UNSENT = 16 * 1024;
    private static final int MOST_UNSENT = 256 * 1024;
    private static final int LOW_MARK = 4;

    private final Gate gate;
    private final EventLoopGroup loops;
    private final ServerBootstrap bootstrap;
    private final List<Channel> channels = new ArrayList<>();
    private final Duration timeout;

    /**
     * @param name of the threads
     * @param threads event loops
     * @param timeout how long a close may take
     */
    public Listeners(Broker broker, String name, int threads, Duration timeout) {
        this.timeout = timeout;
        gate = new Gate(broker.limits(), broker.log());
        loops = new NioEventLoopGroup(threads, new DefaultThreadFactory(name));
        bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
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
                })
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (!gate.stays(channel)) {
                            channel.close();
                            return;
                        }
                        channel.config().setWriteBufferWaterMark(unsent(broker));
                        channel.pipeline().addLast(MqttEncoder.INSTANCE);
                        new PacketDecoder(broker, () -> gate.known(channel)).addTo(channel.pipeline());
                    }
                });
    }

    /** What a client may leave unread: the less the more clients there are, since all of them might. */
    private WriteBufferWaterMark unsent(Broker broker) {
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
        ChannelFuture bound = bootstrap.bind(resolve(address), address.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(address.text() + ": cannot listen: " + reason(bound.cause()), bound.cause());
        }
        channels.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
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

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    @Override
    public void close() {
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
        channels.clear();
        loops.shutdownGracefully(0, timeout.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(timeout.toMillis());
    }
}
