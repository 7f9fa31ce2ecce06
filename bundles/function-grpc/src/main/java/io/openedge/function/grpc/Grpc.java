package io.openedge.function.grpc;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Names and forms of gRPC over HTTP/2. Stateless. */
final class Grpc {
    static final AsciiString PATH = AsciiString.cached("/openedge.Function/Call");
    static final AsciiString POST = AsciiString.cached("POST");
    static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    static final AsciiString APPLICATION_GRPC = AsciiString.cached("application/grpc");
    static final AsciiString TE = AsciiString.cached("te");
    static final AsciiString TRAILERS = AsciiString.cached("trailers");
    static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
    static final AsciiString OPENEDGE = AsciiString.cached("grpc-openedge");
    static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
    static final AsciiString STATUS = AsciiString.cached("grpc-status");
    static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
    static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
    static final AsciiString IDENTITY = AsciiString.cached("identity");
    static final AsciiString HTTP_OK = AsciiString.cached("200");

    private static final int DIGITS = 8;
    private static final long LONGEST = 99_999_999L;

    private Grpc() {}

    /** A limit as a header: at most eight digits and a unit. */
    static String timeout(Duration limit) {
        long millis = Math.max(1, limit.toMillis());
        return millis <= LONGEST ? millis + "m" : Math.min(millis / 1000, LONGEST) + "S";
    }

    /** Reads a limit; empty when the text is none. Unit: nanoseconds. */
    static Optional<Long> timeout(CharSequence header) {
        int digits = header.length() - 1;
        if (digits < 1 || digits > DIGITS) {
            return Optional.empty();
        }
        Optional<TimeUnit> unit = switch (header.charAt(digits)) {
            case 'H' -> Optional.of(TimeUnit.HOURS);
            case 'M' -> Optional.of(TimeUnit.MINUTES);
            case 'S' -> Optional.of(TimeUnit.SECONDS);
            case 'm' -> Optional.of(TimeUnit.MILLISECONDS);
            case 'u' -> Optional.of(TimeUnit.MICROSECONDS);
            case 'n' -> Optional.of(TimeUnit.NANOSECONDS);
            default -> Optional.empty();
        };
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = header.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Optional.empty();
            }
            value = value * 10 + digit;
        }
        long amount = value;
        return unit.map(u -> u.toNanos(amount));
    }

    /** The headers before a result. */
    static Http2Headers responseHeaders() {
        return new DefaultHttp2Headers(false)
                .status(HTTP_OK)
                .set(CONTENT_TYPE, APPLICATION_GRPC)
                .set(ACCEPT_ENCODING, IDENTITY);
    }

    /** The headers after a result. */
    static Http2Headers trailers(Status status) {
        return with(new DefaultHttp2Headers(false), status);
    }

    /** The headers of an answer without a result. */
    static Http2Headers trailersOnly(Status status) {
        return with(responseHeaders(), status);
    }

    private static Http2Headers with(Http2Headers headers, Status status) {
        headers.setInt(STATUS, status.code());
        if (!status.message().isEmpty()) {
            headers.set(MESSAGE, status.encodedMessage());
        }
        return headers;
    }

    /** What is wrong with the first headers of an answer; null when they are as they should be. */
    static @Nullable Status unexpected(Http2Headers headers) {
        CharSequence http = headers.status();
        if (http == null || !AsciiString.contentEquals(http, HTTP_OK)) {
            return new Status(Status.UNAVAILABLE, "HTTP status " + http);
        }
        CharSequence type = headers.get(CONTENT_TYPE);
        if (!isGrpc(type)) {
            return new Status(Status.UNKNOWN, "an answer that is no gRPC, but " + type);
        }
        CharSequence encoding = headers.get(ENCODING);
        if (encoding != null && !AsciiString.contentEquals(encoding, IDENTITY)) {
            return new Status(Status.INTERNAL, "an answer compressed by " + encoding);
        }
        return null;
    }

    /** Whether a content type is one of gRPC, with whatever follows it. */
    static boolean isGrpc(@Nullable CharSequence type) {
        if (type == null || !AsciiString.of(type).startsWith(APPLICATION_GRPC)) {
            return false;
        }
        int length = APPLICATION_GRPC.length();
        return type.length() == length || type.charAt(length) == '+' || type.charAt(length) == ';';
    }

    /** The status that the last headers of an answer carry. */
    static Status status(Http2Headers trailers) {
        CharSequence code = trailers.get(STATUS);
        if (code == null) {
            return new Status(Status.UNKNOWN, "an answer without a status");
        }
        CharSequence message = trailers.get(MESSAGE);
        try {
            return Status.decode(Integer.parseInt(code, 0, code.length(), 10), message == null ? "" : message);
        } catch (NumberFormatException e) {
            return new Status(Status.UNKNOWN, "the status '" + code + "'");
        }
    }
}
