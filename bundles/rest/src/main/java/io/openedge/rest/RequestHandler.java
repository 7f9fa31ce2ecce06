package io.openedge.rest;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.openedge.rest.client.JsonException;
import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection, one after the other: the next is read when the answer is written. Owned by the
 * connection's event loop.
 */
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    private final Access access;
    private final Routes routes;
    private boolean busy;
    private boolean over;

    RequestHandler(Access access, Routes routes) {
        this.access = access;
        this.routes = routes;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (over) {
            return;
        }
        context.channel().config().setAutoRead(false);
        if (request.decoderResult().isFailure()) {
            writeLast(context, Malformed.answer(request.decoderResult().cause()));
            return;
        }
        busy = true;
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        String line = request.method() + " " + request.uri();
        run(context, request).whenComplete((answer, failure) -> {
            Answer result = failure == null ? answer : refusal(line, failure);
            LOG.debug("{}: {}", line, result.status());
            context.executor().execute(() -> write(context, result, keepAlive));
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (busy || over) {
            return;
        }
        if (event instanceof IdleStateEvent) {
            context.close();
        } else if (event instanceof Answer refusal) {
            writeLast(context, refusal);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection given up: {}", cause.toString());
        context.close();
    }

    private CompletionStage<Answer> run(ChannelHandlerContext context, FullHttpRequest request) {
        try {
            // Once more: the token may have gone since the headers came.
            Optional<Gateway> gateway = access.of(request.headers()).map(Access.Visitor::gateway);
            if (gateway.isEmpty()) {
                return CompletableFuture.completedFuture(Answer.UNAUTHORIZED);
            }
            Routes.Found found = routes.find(request.method().name(), request.uri());
            if (found.call().isEmpty()) {
                return CompletableFuture.completedFuture(found.otherwise());
            }
            byte[] body = ByteBufUtil.getBytes(request.content());
            return found.call()
                    .get()
                    .run(new Request(gateway.get(), found.service(), found.instance(), body, context.executor()));
        } catch (JsonException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Answer refusal(String line, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof GatewayException refused) {
            int status = switch (refused.kind()) {
                case INVALID, UNSUPPORTED -> 400;
                case FORBIDDEN -> 403;
                case NOT_FOUND -> 404;
            };
            return Answer.refusal(status, refused.getMessage());
        }
        if (cause instanceof JsonException malformed) {
            return Answer.refusal(400, malformed.getMessage());
        }
        LOG.error("{} failed", line, cause);
        return Answer.refusal(500, "internal error; the gateway's log tells more");
    }

    private void write(ChannelHandlerContext context, Answer answer, boolean keepAlive) {
        busy = false;
        FullHttpResponse response = response(answer);
        HttpUtil.setKeepAlive(response, keepAlive);
        ChannelFuture written = context.writeAndFlush(response);
        if (keepAlive) {
            // A peer that reads no answers gets no further ones.
            written.addListener(done -> context.channel().config().setAutoRead(done.isSuccess()));
        } else {
            over = true;
            Drain.then(written);
        }
    }

    private void writeLast(ChannelHandlerContext context, Answer answer) {
        over = true;
        FullHttpResponse response = response(answer);
        HttpUtil.setKeepAlive(response, false);
        Drain.then(context.writeAndFlush(response));
    }

    private static FullHttpResponse response(Answer answer) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.body()));
        HttpUtil.setContentLength(response, answer.body().length);
        if (!answer.contentType().isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        if (!answer.allow().isEmpty()) {
            response.headers().set(HttpHeaderNames.ALLOW, answer.allow());
        }
        return response;
    }
}
