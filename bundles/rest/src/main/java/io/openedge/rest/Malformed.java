package io.openedge.rest;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** Requests that are no requests: what is answered before the connection ends. Stateless. */
final class Malformed {
    private Malformed() {}

    static Answer answer(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Answer.refusal(414, "the path is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Answer.refusal(431, "headers of more than " + RestPipeline.MAX_HEADERS + " bytes");
        }
        if (cause instanceof BodyTooLongException) {
            return Answer.refusal(413, "a body of more than " + RestPipeline.MAX_BODY + " bytes");
        }
        if (cause instanceof RefusedException refused) {
            return refused.answer;
        }
        return Answer.refusal(400, "not HTTP/1.1: " + cause.getMessage());
    }

    /** A request that is refused by its headers. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Answer answer;

        RefusedException(Answer answer) {
            super(null, null, false, false);
            this.answer = answer;
        }
    }

    private static final class BodyTooLongException extends TooLongFrameException {
        private static final long serialVersionUID = 1L;
    }

    /** Collects bodies; one that is too long takes its turn behind earlier requests like any other malformed request. */
    static final class Aggregator extends HttpObjectAggregator {
        Aggregator() {
            super(RestPipeline.MAX_BODY, true);
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
            FullHttpRequest request =
                    new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/", Unpooled.EMPTY_BUFFER);
            request.setDecoderResult(DecoderResult.failure(new BodyTooLongException()));
            context.fireChannelRead(request);
        }
    }
}
