package io.openedge.function.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of a client and the calls on it. On the channel's loop. */
final class ServerLink extends ChannelInboundHandlerAdapter {
    private static final int SETTINGS_SECONDS = 10;
    /** How long a client may take to send a request, or to take an answer. */
    private static final int TRANSFER_SECONDS = 60;
    /** What a client may send before it is read, for all its calls together. Unit: bytes. */
    private static final int WINDOW = 4 << 20;

    private static final Status NOT_HERE = new Status(Status.UNIMPLEMENTED, "allowed: POST " + Grpc.PATH);

    private final FunctionEndpoint endpoint;
    private final Admission admission;
    private final int longest;
    private final Map<Http2FrameStream, ServerCall> open = new HashMap<>();
    private @Nullable ChannelHandlerContext context;
    private boolean spoken;

    ServerLink(FunctionEndpoint endpoint, Admission admission, int longest) {
        this.endpoint = endpoint;
        this.admission = admission;
        this.longest = longest;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        ctx.executor()
                .schedule(
                        () -> {
                            if (!spoken) {
                                abandon(ctx);
                            }
                        },
                        SETTINGS_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2HeadersFrame headers) {
            headers(headers);
        } else if (frame instanceof Http2DataFrame data) {
            data(ctx, data);
        } else if (frame instanceof Http2ResetFrame reset) {
            abort(open.get(reset.stream()));
        } else {
            if (frame instanceof Http2SettingsFrame && !spoken) {
                spoken = true;
                ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(WINDOW));
            }
            ReferenceCountUtil.release(frame);
        }
    }

    private void headers(Http2HeadersFrame frame) {
        ServerCall known = open.get(frame.stream());
        if (known != null) { // trailers of a request
            if (frame.isEndStream()) {
                compute(known);
            }
            return;
        }
        Http2Headers headers = frame.headers();
        if (!Grpc.isGrpc(headers.get(Grpc.CONTENT_TYPE))) {
            context.writeAndFlush(
                    new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("415"), true).stream(frame.stream()));
        } else if (!Grpc.POST.contentEquals(headers.method()) || !Grpc.PATH.contentEquals(headers.path())) {
            refuse(frame, NOT_HERE);
        } else if (!isIdentity(headers.get(Grpc.ENCODING))) {
            refuse(frame, new Status(Status.UNIMPLEMENTED, "a compressed message; allowed: identity"));
        } else if (!admission.enter()) {
            refuse(frame, new Status(Status.RESOURCE_EXHAUSTED, "too many calls in flight"));
        } else {
            accept(frame);
        }
    }

    private static boolean isIdentity(@Nullable CharSequence encoding) {
        return encoding == null || AsciiString.contentEquals(encoding, Grpc.IDENTITY);
    }

    private void accept(Http2HeadersFrame frame) {
        ServerCall call = new ServerCall(frame.stream(), admission, longest);
        open.put(frame.stream(), call);
        CharSequence timeout = frame.headers().get(Grpc.TIMEOUT);
        long nanos = timeout == null ? Long.MAX_VALUE : Grpc.timeout(timeout).orElse(0L);
        long transfer = TimeUnit.SECONDS.toNanos(TRANSFER_SECONDS);
        call.limit(context.executor().schedule(() -> late(call), Math.min(nanos, transfer), TimeUnit.NANOSECONDS));
        call.deadline(nanos == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + nanos);
        if (frame.isEndStream()) {
            compute(call);
        }
    }

    private void data(ChannelHandlerContext ctx, Http2DataFrame frame) {
        ctx.write(new DefaultHttp2WindowUpdateFrame(frame.initialFlowControlledBytes()).stream(frame.stream()));
        ServerCall call = open.get(frame.stream());
        if (call == null) {
            frame.release();
            return;
        }
        Status wrong = call.add(ctx.alloc(), frame.content());
        if (wrong != null) {
            answer(call, wrong);
        } else if (frame.isEndStream()) {
            compute(call);
        }
    }

    private void compute(ServerCall call) {
        CompletionStage<FunctionMessage> stage;
        try {
            FunctionMessage message = call.message();
            Status tooLong = call.tooLong(message);
            if (tooLong != null) {
                answer(call, tooLong);
                return;
            }
            call.whole(context.executor(), () -> late(call));
            stage = endpoint.call(message);
        } catch (MessageCodec.Malformed e) {
            answer(call, new Status(Status.INTERNAL, "a message that cannot be read: " + e.getMessage()));
            return;
        } catch (RuntimeException | LinkageError e) { // the module's code, which may be going away
            answer(call, Status.of(e));
            return;
        }
        call.computing(stage);
        stage.whenComplete((result, failure) -> onLoop(() -> {
            if (failure == null) {
                answer(call, result);
            } else {
                answer(call, Status.of(failure));
            }
        }));
    }

    private void late(ServerCall call) {
        answer(call, new Status(Status.DEADLINE_EXCEEDED, "no answer in time"));
        call.cancel();
    }

    private void onLoop(Runnable task) {
        if (context.executor().inEventLoop()) {
            task.run();
            return;
        }
        try {
            context.executor().execute(task);
        } catch (RejectedExecutionException stopped) {
            return; // so has the connection
        }
    }

    private void answer(ServerCall call, FunctionMessage result) {
        Status tooLong = call.tooLongResult(result);
        if (tooLong != null) {
            answer(call, tooLong);
            return;
        }
        ByteBuf frame = MessageAssembler.frame(result);
        if (!call.answer(frame.readableBytes())) {
            frame.release();
            return;
        }
        Http2FrameStream stream = call.stream();
        context.write(new DefaultHttp2HeadersFrame(Grpc.responseHeaders()).stream(stream));
        context.write(new DefaultHttp2DataFrame(frame).stream(stream));
        end(
                call,
                context.writeAndFlush(
                        new DefaultHttp2HeadersFrame(Grpc.trailers(new Status(Status.OK, "")), true).stream(stream)));
    }

    private void answer(ServerCall call, Status status) {
        if (call.answer(0)) {
            end(call, trailersOnly(call.stream(), status));
        }
    }

    private void refuse(Http2HeadersFrame frame, Status status) {
        trailersOnly(frame.stream(), status).addListener(written -> reset(frame.stream(), frame.isEndStream()));
    }

    private ChannelFuture trailersOnly(Http2FrameStream stream, Status status) {
        return context.writeAndFlush(new DefaultHttp2HeadersFrame(Grpc.trailersOnly(status), true).stream(stream));
    }

    /** The answer is on its way: a client that does not take it loses it. */
    private void end(ServerCall call, ChannelFuture written) {
        call.limit(context.executor().schedule(() -> abort(call), TRANSFER_SECONDS, TimeUnit.SECONDS));
        written.addListener(done -> {
            open.remove(call.stream());
            call.end();
            reset(call.stream(), call.isWhole());
        });
    }

    /** What else the client sends for the stream is not wanted. */
    private void reset(Http2FrameStream stream, boolean ended) {
        if (!ended && context.channel().isActive()) {
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR).stream(stream));
        }
    }

    private void abort(@Nullable ServerCall call) {
        if (call != null && open.remove(call.stream()) != null) {
            call.cancel();
            call.end();
            if (context.channel().isActive()) {
                context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(call.stream()));
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (failure instanceof Http2FrameStreamException ofStream) {
            abort(open.get(ofStream.stream()));
        } else {
            abandon(ctx);
        }
    }

    private static void abandon(ChannelHandlerContext ctx) {
        ctx.pipeline().firstContext().close(); // not through HTTP/2, which would wait for the calls
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        List.copyOf(open.values()).forEach(this::abort);
    }
}
