package io.openedge.rest;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.openedge.rest.client.ServerAddress;
import java.io.IOException;
import java.net.SocketAddress;

/** An address that is served. Any thread. */
final class Listener implements AutoCloseable {
    private final Channel channel;

    private Listener(Channel channel) {
        this.channel = channel;
    }

    /**
     * Binds; returns when connections are accepted.
     *
     * @param permissions of a unix socket, for example rw-rw-rw-
     * @throws IOException names the address and why it cannot be bound
     */
    static Listener open(
            EventLoopGroup group, ServerAddress address, String permissions, ChannelInitializer<Channel> pipeline)
            throws IOException {
        try {
            if (address instanceof ServerAddress.Unix unix) {
                SocketFile.clear(unix.path());
                Listener listener = bind(group, address, pipeline);
                SocketFile.permit(unix.path(), permissions);
                return listener;
            }
            return bind(group, address, pipeline);
        } catch (IOException | RuntimeException e) {
            throw new IOException(address + ": " + reason(e), e);
        }
    }

    /** Where it really listens: the port, when any was asked for. */
    SocketAddress address() {
        return channel.localAddress();
    }

    /** Ends; a unix socket's file is gone then. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    private static Listener bind(EventLoopGroup group, ServerAddress address, ChannelInitializer<Channel> pipeline)
            throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channelFactory(
                        address instanceof ServerAddress.Unix
                                ? NioServerDomainSocketChannel::new
                                : NioServerSocketChannel::new)
                .childHandler(pipeline)
                .bind(address.resolve())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(reason(bound.cause()), bound.cause());
        }
        return new Listener(bound.channel());
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
