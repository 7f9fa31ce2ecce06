package io.openedge.rest;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Ends requests that come too slowly. Stands before the codec, where it sees the first byte of a request; who sees the rest
 * says so. Too late is told as a user event, an {@link Answer}. Owned by the connection's event loop.
 */
final class Deadlines extends ChannelInboundHandlerAdapter {
    private final Limits limits;
    private Optional<Future<?>> header = Optional.empty();
    private Optional<Future<?>> body = Optional.empty();

    Deadlines(Limits limits) {
        this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (body.isEmpty()) {
            armHeader(context);
            armBody(context);
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        complete();
        context.fireChannelInactive();
    }

    /** The headers are there. */
    void headerComplete() {
        header.ifPresent(timer -> timer.cancel(false));
        header = Optional.empty();
    }

    /** The whole request is there. */
    void complete() {
        headerComplete();
        body.ifPresent(timer -> timer.cancel(false));
        body = Optional.empty();
    }

    private void armHeader(ChannelHandlerContext context) {
        header = Optional.of(after(context, limits.header(), "the headers of a request", () -> armHeader(context)));
    }

    private void armBody(ChannelHandlerContext context) {
        body = Optional.of(after(context, limits.body(), "a request", () -> armBody(context)));
    }

    /** The time while nothing is read, because an earlier request is under way, is not the client's. */
    private static Future<?> after(ChannelHandlerContext context, Duration limit, String what, Runnable again) {
        Answer late = Answer.refusal(408, what + " took longer than " + limit.toMillis() / 1000.0 + " s");
        return context.executor()
                .schedule(
                        () -> {
                            if (context.channel().config().isAutoRead()) {
                                context.fireUserEventTriggered(late);
                            } else {
                                again.run();
                            }
                        },
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
    }
}
