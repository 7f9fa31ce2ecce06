package io.openedge.rest.client;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Takes the one answer of a connection. */
final class AnswerHandler extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final ServerAddress address;
    private final CompletableFuture<HttpAnswer> answer;

    AnswerHandler(ServerAddress address, CompletableFuture<HttpAnswer> answer) {
        this.address = address;
        this.answer = answer;
    }

    static IOException unreachable(ServerAddress address, Throwable cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new IOException(address + ": " + reason, cause);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
        if (response.decoderResult().isFailure()) {
            exceptionCaught(context, response.decoderResult().cause());
        } else {
            answer.complete(new HttpAnswer(response.status().code(), ByteBufUtil.getBytes(response.content())));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        answer.completeExceptionally(new IOException(address + ": the connection ended without an answer"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        answer.completeExceptionally(unreachable(address, cause));
    }
}
