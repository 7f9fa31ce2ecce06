package io.openedge.function.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.openedge.function.FunctionMessage;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call that a client makes, from its first frame until its answer is written. On the connection's loop. */
final class ServerCall {
    private final Http2FrameStream stream;
    private final Admission admission;
    private final int longest;
    private final MessageAssembler request;
    private long taken;
    private long deadline = Long.MAX_VALUE;
    private boolean whole;
    private boolean answered;
    private boolean over;
    private @Nullable Future<?> limit;
    private @Nullable CompletionStage<FunctionMessage> computing;

    /** @param admission which the call has entered */
    ServerCall(Http2FrameStream stream, Admission admission, int longest) {
        this.stream = stream;
        this.admission = admission;
        this.longest = longest;
        this.request = new MessageAssembler(longest, "message");
    }

    Http2FrameStream stream() {
        return stream;
    }

    void limit(Future<?> timer) {
        stopTimer();
        limit = timer;
    }

    private void stopTimer() {
        if (limit != null) {
            limit.cancel(false);
        }
    }

    /** Takes a part of the request over; what is wrong with it, or null. */
    @Nullable
    Status add(ByteBufAllocator allocator, ByteBuf part) {
        int more = part.readableBytes();
        if (!admission.take(taken, more)) {
            part.release();
            return new Status(Status.RESOURCE_EXHAUSTED, "too many bytes in flight");
        }
        taken += more;
        return request.add(allocator, part);
    }

    /** The client's own limit, as a time of System.nanoTime; Long.MAX_VALUE: none. */
    void deadline(long nanoTime) {
        deadline = nanoTime;
    }

    /** The request is there: from now on only the client's own limit counts. */
    void whole(EventExecutor loop, Runnable late) {
        whole = true;
        stopTimer();
        if (deadline != Long.MAX_VALUE) {
            limit = loop.schedule(late, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    boolean isWhole() {
        return whole;
    }

    /** The request, whose buffers are given back. */
    FunctionMessage message() throws MessageCodec.Malformed {
        try {
            return request.message();
        } finally {
            request.release();
        }
    }

    @Nullable
    Status tooLong(FunctionMessage message) {
        return request.tooLong(message) ? request.tooLongStatus(message) : null;
    }

    @Nullable
    Status tooLongResult(FunctionMessage result) {
        int length = result.payload().length;
        return length <= longest
                ? null
                : new Status(Status.RESOURCE_EXHAUSTED, "result of " + length + " bytes is larger than " + longest);
    }

    void computing(CompletionStage<FunctionMessage> stage) {
        computing = stage;
    }

    /** Whether this is the first answer: the others are late. */
    boolean answer(int bytes) {
        if (answered || over) {
            return false;
        }
        answered = true;
        stopTimer();
        request.release();
        taken += bytes;
        admission.take(bytes);
        return true;
    }

    /** Nobody waits for the answer any more. */
    void cancel() {
        if (computing != null) {
            computing.toCompletableFuture().cancel(true);
        }
    }

    /** Gives everything back. Idempotent. */
    void end() {
        if (!over) {
            over = true;
            stopTimer();
            request.release();
            admission.leave(taken);
        }
    }
}
