package io.openedge.hub.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a WebSocket (RFC 6455, section 4): one HTTP request, answered with 101 or with a refusal. Afterwards
 * {@link WebSocketCodec} stands in its place. One instance a channel, on its loop.
 */
final class WebHandshake extends ChannelInboundHandlerAdapter {
    private static final int MAX_LINE = 4 << 10;
    private static final int MAX_HEADERS = 8 << 10;
    private static final String VERSION = "13";
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final List<String> PROTOCOLS = List.of("mqtt", "mqttv3.1");
    private static final Pattern LIST = Pattern.compile("\\s*,\\s*");
    private static final int KEY_BYTES = 16;

    private final String path;
    private final HttpServerCodec http = new HttpServerCodec(
            new HttpDecoderConfig().setMaxInitialLineLength(MAX_LINE).setMaxHeaderSize(MAX_HEADERS));
    private @Nullable FullHttpResponse welcome;
    private boolean over;

    private record Refusal(HttpResponseStatus status, String reason) {}

    /** @param path that is asked for; empty: any */
    WebHandshake(String path) {
        this.path = path;
    }

    void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(http, this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!over && message instanceof HttpRequest request) {
                Refusal refusal = check(request).orElse(null);
                if (refusal != null) {
                    refuse(ctx, refusal);
                } else {
                    welcome = welcome(request.headers());
                }
            }
            if (!over && message instanceof LastHttpContent && welcome != null) {
                over = true;
                ctx.writeAndFlush(welcome, ctx.voidPromise());
                ChannelPipeline pipeline = ctx.pipeline();
                pipeline.remove(this);
                pipeline.replace(http, null, new WebSocketCodec());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private Optional<Refusal> check(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (!request.decoderResult().isSuccess()
                || HttpUtil.isTransferEncodingChunked(request)
                || HttpUtil.getContentLength(request, 0L) != 0) {
            return refusal(HttpResponseStatus.BAD_REQUEST, "no request for a WebSocket");
        }
        if (!path.isEmpty() && !path.equals(request.uri().replaceFirst("\\?.*", ""))) {
            return refusal(HttpResponseStatus.NOT_FOUND, "there is nothing here");
        }
        if (!HttpMethod.GET.equals(request.method())
                || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                || !headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return refusal(HttpResponseStatus.UPGRADE_REQUIRED, "a WebSocket of version 13 is needed");
        }
        if (!key(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, ""))) {
            return refusal(HttpResponseStatus.BAD_REQUEST, "Sec-WebSocket-Key is no key");
        }
        return protocol(headers).isEmpty()
                ? refusal(HttpResponseStatus.BAD_REQUEST, "Sec-WebSocket-Protocol must offer mqtt or mqttv3.1")
                : Optional.empty();
    }

    private static Optional<Refusal> refusal(HttpResponseStatus status, String reason) {
        return Optional.of(new Refusal(status, reason));
    }

    private static boolean key(String text) {
        try {
            return Base64.getDecoder().decode(text.strip()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Optional<String> protocol(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(line -> Arrays.stream(LIST.split(line.strip())))
                .filter(PROTOCOLS::contains)
                .findFirst();
    }

    private static FullHttpResponse welcome(HttpHeaders asked) {
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
        answer.headers()
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(
                        HttpHeaderNames.SEC_WEBSOCKET_ACCEPT,
                        accept(asked.get(HttpHeaderNames.SEC_WEBSOCKET_KEY).strip()))
                .set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, protocol(asked).orElseThrow());
        return answer;
    }

    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1", e);
        }
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
        over = true;
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                refusal.status(),
                Unpooled.copiedBuffer(refusal.reason() + "\n", StandardCharsets.US_ASCII));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (refusal.status().equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            answer.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
        }
        ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
}
