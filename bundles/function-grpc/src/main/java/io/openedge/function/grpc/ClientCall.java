package io.openedge.function.grpc;

import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.util.concurrent.ScheduledFuture;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call on its way over a connection. On the connection's loop, but for the answer. */
final class ClientCall {
    private final FunctionMessage message;
    private final CompletableFuture<FunctionMessage> answer;
    private final MessageAssembler result;
    private @Nullable Http2FrameStream stream;
    private @Nullable ScheduledFuture<?> limit;
    private boolean delivered;
    private boolean headersSeen;

    ClientCall(FunctionMessage message, CompletableFuture<FunctionMessage> answer, int longest) {
        this.message = message;
        this.answer = answer;
        this.result = new MessageAssembler(longest, "result");
    }

    FunctionMessage message() {
        return message;
    }

    MessageAssembler result() {
        return result;
    }

    /** Null until it has been given to HTTP/2. */
    @Nullable
    Http2FrameStream stream() {
        return stream;
    }

    void stream(Http2FrameStream own) {
        stream = own;
    }

    void limit(ScheduledFuture<?> timer) {
        limit = timer;
    }

    /** The whole request has been written: from now on the other side may have computed it. */
    void delivered() {
        delivered = true;
    }

    boolean headersSeen() {
        return headersSeen;
    }

    void sawHeaders() {
        headersSeen = true;
    }

    /** Its own limit is over, though the loop has not come to say so. */
    boolean late() {
        return limit != null && limit.getDelay(TimeUnit.NANOSECONDS) <= 0;
    }

    boolean over() {
        return answer.isDone();
    }

    void succeed() {
        try {
            FunctionMessage got = result.message();
            if (result.tooLong(got)) {
                fail(result.tooLongStatus(got).exception());
            } else {
                end();
                answer.complete(message.withPayload(got.payload()));
            }
        } catch (MessageCodec.Malformed e) {
            fail(new FunctionException(Kind.USER_CODE, "the answer cannot be read: " + e.getMessage()));
        }
    }

    void fail(FunctionException error) {
        end();
        answer.completeExceptionally(error);
    }

    /** The connection has gone. */
    void lost(String reason) {
        fail(new FunctionException(delivered ? Kind.UNAVAILABLE : Kind.NOT_DELIVERED, reason));
    }

    void refused(String reason) {
        fail(new FunctionException(Kind.NOT_DELIVERED, reason));
    }

    /** Gives back what it holds. */
    void end() {
        result.release();
        if (limit != null) {
            limit.cancel(false);
        }
    }
}
