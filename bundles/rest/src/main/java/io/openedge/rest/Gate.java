package io.openedge.rest;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;

/**
 * Looks at headers before a body is taken in: who has no token, or too many connections, sends none. A refusal takes its
 * turn behind earlier requests, and is the last of its connection. Owned by the connection's event loop.
 */
final class Gate extends ChannelInboundHandlerAdapter {
    private final Access access;
    private final Connections connections;
    private final Deadlines deadlines;
    private boolean shut;

    Gate(Access access, Connections connections, Deadlines deadlines) {
        this.access = access;
        this.connections = connections;
        this.deadlines = deadlines;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (shut) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            deadlines.headerComplete();
            if (request.decoderResult().isSuccess()) {
                Optional<Answer> refusal = refusal(context, request);
                if (refusal.isPresent()) {
                    shut = true;
                    deadlines.complete();
                    ReferenceCountUtil.release(message);
                    context.fireChannelRead(refused(refusal.get()));
                    return;
                }
            }
        }
        if (message instanceof LastHttpContent) {
            deadlines.complete();
        }
        context.fireChannelRead(message);
    }

    private Optional<Answer> refusal(ChannelHandlerContext context, HttpRequest request) {
        Optional<Access.Visitor> visitor = access.of(request.headers());
        return visitor.isEmpty()
                ? Optional.of(Answer.UNAUTHORIZED)
                : connections.identify(context.channel(), visitor.get().name());
    }

    private static FullHttpRequest refused(Answer answer) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER);
        request.setDecoderResult(DecoderResult.failure(new Malformed.RefusedException(answer)));
        return request;
    }
}
