package io.openedge.rest;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection after its last answer. A socket that is closed while the peer still sends is reset, and the reset can
 * overtake the answer: so the rest is read and dropped for a moment.
 */
final class Drain extends ChannelInboundHandlerAdapter {
    private static final int SECONDS = 2;

    private Drain() {}

    static void then(ChannelFuture written) {
        Channel channel = written.channel();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.pipeline().addFirst(new Drain());
        } else {
            channel.pipeline().addAfter(channel.pipeline().context(tls).name(), "drain", new Drain());
        }
        written.addListener(done -> {
            if (done.isSuccess() && channel instanceof DuplexChannel duplex) {
                endOutput(duplex, tls);
                Future<?> limit = channel.eventLoop().schedule(() -> channel.close(), SECONDS, TimeUnit.SECONDS);
                channel.closeFuture().addListener(closed -> limit.cancel(false));
                channel.config().setAutoRead(true);
            } else {
                channel.close();
            }
        });
    }

    private static void endOutput(DuplexChannel channel, @Nullable SslHandler tls) {
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(closed -> channel.shutdownOutput());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
