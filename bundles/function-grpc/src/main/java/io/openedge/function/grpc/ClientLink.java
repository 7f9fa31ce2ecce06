package io.openedge.function.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of HTTP/2 to a server and the calls on it. On the channel's loop. */
final class ClientLink extends Http2ChannelDuplexHandler {
    private static final int SETTINGS_SECONDS = 10;
    /** What the other side may send before it is read, for all calls together. Unit: bytes. */
    private static final int WINDOW = 4 << 20;

    private final AsciiString authority;
    private final boolean encrypted;
    private final Duration timeout;
    private final Events events;
    private final List<ClientCall> waiting = new ArrayList<>();
    /** In their order: so they hear that the link has gone. */
    private final Map<Http2FrameStream, ClientCall> open = new LinkedHashMap<>();

    private @Nullable ChannelHandlerContext context;
    private boolean up;
    private boolean leaving;
    private boolean gone;
    private @Nullable Throwable cause;

    /** Who hears what becomes of the link. On the loop. */
    interface Events {
        void up();

        /** It takes no more calls. */
        void leaving(ClientLink link);

        /** It has gone, after {@link #leaving}. */
        void down(ClientLink link, Throwable reason);
    }

    ClientLink(String authority, boolean encrypted, Duration timeout, Events events) {
        this.authority = AsciiString.of(authority);
        this.encrypted = encrypted;
        this.timeout = timeout;
        this.events = events;
    }

    void call(ClientCall call) {
        if (up) {
            send(call);
        } else {
            waiting.add(call);
        }
    }

    private void send(ClientCall call) {
        Http2FrameStream stream = newStream();
        call.stream(stream);
        open.put(stream, call);
        Http2Headers headers = new DefaultHttp2Headers(false)
                .method("POST")
                .scheme(encrypted ? "https" : "http")
                .path(Grpc.PATH)
                .authority(authority)
                .set(Grpc.TE, Grpc.TRAILERS)
                .set(Grpc.CONTENT_TYPE, Grpc.APPLICATION_GRPC)
                .set(Grpc.USER_AGENT, Grpc.OPENEDGE);
        if (!timeout.isZero()) {
            headers.set(Grpc.TIMEOUT, Grpc.timeout(timeout));
        }
        context.write(new DefaultHttp2HeadersFrame(headers).stream(stream)).addListener(written -> {
            if (!written.isSuccess() && open.containsKey(stream)) {
                leave();
                forget(call).refused("not sent: " + words(written.cause()));
            }
        });
        context.writeAndFlush(new DefaultHttp2DataFrame(MessageAssembler.frame(call.message()), true).stream(stream))
                .addListener(written -> {
                    if (written.isSuccess()) {
                        call.delivered();
                    }
                });
    }

    /** Nobody wants the answer any more: the server hears it. */
    void cancel(ClientCall call) {
        waiting.remove(call);
        Http2FrameStream stream = call.stream();
        if (stream != null && open.remove(stream) != null) {
            call.end();
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(stream));
            leaveWhenDone();
        }
    }

    private ClientCall forget(ClientCall call) {
        open.remove(call.stream());
        leaveWhenDone();
        return call;
    }

    @Override
    protected void handlerAdded0(ChannelHandlerContext ctx) {
        context = ctx;
        if (ctx.channel().isActive()) {
            awaitSettings(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        awaitSettings(ctx);
    }

    private void awaitSettings(ChannelHandlerContext ctx) {
        ctx.executor()
                .schedule(
                        () -> {
                            if (!up && !gone) {
                                cause(new FunctionException(Kind.UNAVAILABLE, "no answer of an HTTP/2 server"));
                                abandon(ctx);
                            }
                        },
                        SETTINGS_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2SettingsFrame) {
            settle(ctx);
        } else if (frame instanceof Http2HeadersFrame headers) {
            headers(headers);
        } else if (frame instanceof Http2DataFrame data) {
            data(ctx, data);
        } else if (frame instanceof Http2ResetFrame reset) {
            reset(reset);
        } else {
            if (frame instanceof Http2GoAwayFrame goAway) {
                goAway(goAway);
            }
            ReferenceCountUtil.release(frame);
        }
    }

    private void settle(ChannelHandlerContext ctx) {
        if (!up) {
            up = true;
            ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(WINDOW));
            List<ClientCall> first = List.copyOf(waiting);
            waiting.clear();
            first.forEach(this::send);
            events.up();
        }
    }

    private void headers(Http2HeadersFrame frame) {
        ClientCall call = open.get(frame.stream());
        if (call == null) {
            return;
        }
        Http2Headers headers = frame.headers();
        if (!call.headersSeen()) {
            call.sawHeaders();
            Status wrong = Grpc.unexpected(headers);
            if (wrong != null) {
                abort(call, wrong);
                return;
            }
        }
        if (frame.isEndStream()) {
            end(call, Grpc.status(headers));
        }
    }

    private void end(ClientCall call, Status status) {
        forget(call);
        if (status.code() == Status.OK) {
            call.succeed();
        } else if (status.code() == Status.DEADLINE_EXCEEDED && call.late()) {
            call.fail(noAnswer(timeout)); // the server, which knows the limit too, was a moment faster
        } else {
            call.fail(status.exception());
        }
    }

    static FunctionException noAnswer(Duration limit) {
        return new FunctionException(Kind.TIMEOUT, "no answer in " + limit.toMillis() + " ms");
    }

    private void data(ChannelHandlerContext ctx, Http2DataFrame frame) {
        ByteBuf part = frame.content();
        ctx.write(new DefaultHttp2WindowUpdateFrame(frame.initialFlowControlledBytes()).stream(frame.stream()));
        ClientCall call = open.get(frame.stream());
        if (call == null) {
            part.release();
            return;
        }
        Status wrong = call.result().add(ctx.alloc(), part);
        if (wrong != null) {
            abort(call, wrong);
        } else if (frame.isEndStream()) {
            end(call, new Status(Status.INTERNAL, "an answer without a status"));
        }
    }

    private void abort(ClientCall call, Status wrong) {
        context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(call.stream()));
        forget(call).fail(wrong.exception());
    }

    private void reset(Http2ResetFrame frame) {
        ClientCall call = open.get(frame.stream());
        if (call == null) {
            return;
        }
        forget(call);
        Http2Error error = Http2Error.valueOf(frame.errorCode());
        if (error == Http2Error.REFUSED_STREAM) {
            call.refused("the server refuses the call");
        } else {
            call.fail(new FunctionException(Kind.UNAVAILABLE, "the server ended the call: " + error));
        }
    }

    /** The server stops: what it has not looked at it will not compute. */
    private void goAway(Http2GoAwayFrame frame) {
        leave();
        for (ClientCall call : List.copyOf(open.values())) {
            if (call.stream().id() > frame.lastStreamId()) {
                forget(call).refused("the server stops");
            }
        }
        leaveWhenDone();
    }

    private void leave() {
        if (!leaving) {
            leaving = true;
            events.leaving(this);
        }
    }

    private void leaveWhenDone() {
        if (leaving && open.isEmpty() && context.channel().isActive()) {
            context.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (failure instanceof Http2FrameStreamException ofStream) {
            ClientCall call = open.get(ofStream.stream());
            if (call != null) {
                forget(call).lost(words(failure));
            }
            return;
        }
        cause(failure);
        abandon(ctx);
    }

    /** Why it is about to go; the first reason counts. */
    void cause(Throwable failure) {
        if (cause == null) {
            cause = failure instanceof DecoderException && failure.getCause() != null ? failure.getCause() : failure;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        down();
    }

    private static void abandon(ChannelHandlerContext ctx) {
        ctx.pipeline().firstContext().close(); // not through HTTP/2, which would wait to say farewell
    }

    /** Ends the link; its calls end at once. */
    void close() {
        ChannelHandlerContext now = context;
        down();
        if (now != null) {
            now.close();
        }
    }

    /** The channel has gone, or never came. */
    void down() {
        if (gone) {
            return;
        }
        gone = true;
        leave();
        Throwable reason = cause == null ? new FunctionException(Kind.UNAVAILABLE, "connection lost") : cause;
        List<ClientCall> all = new ArrayList<>(open.values());
        all.addAll(waiting);
        open.clear();
        waiting.clear();
        all.forEach(call -> call.lost(words(reason)));
        events.down(this, reason);
    }

    private static String words(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
