package io.openedge.function.grpc;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/**
 * How a call ended, in the words of gRPC. Immutable.
 *
 * @param code of gRPC, 0 to 16
 * @param message for people
 */
record Status(int code, String message) {
    static final int OK = 0;
    static final int CANCELLED = 1;
    static final int UNKNOWN = 2;
    static final int DEADLINE_EXCEEDED = 4;
    static final int NOT_FOUND = 5;
    static final int RESOURCE_EXHAUSTED = 8;
    static final int UNIMPLEMENTED = 12;
    static final int INTERNAL = 13;
    static final int UNAVAILABLE = 14;

    private static final int LONGEST_MESSAGE = 4096;
    private static final String NO_FUNCTION = "function not found";
    /** Servers say with one code that a message is too long, and that they have too much to do. */
    private static final Pattern TOO_LONG = Pattern.compile("(?i)larger than|exceeds maximum|too large|too long");

    /** What a server tells of a call that failed. */
    static Status of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof FunctionException e)) {
            return new Status(INTERNAL, cause.toString());
        }
        int code = switch (e.kind()) {
            case USER_CODE, NOT_FOUND -> UNKNOWN;
            case UNAVAILABLE, NOT_DELIVERED -> UNAVAILABLE;
            case TIMEOUT -> DEADLINE_EXCEEDED;
            case TOO_LARGE, BUSY -> RESOURCE_EXHAUSTED;
        };
        return new Status(code, String.valueOf(e.getMessage()));
    }

    /** What a caller makes of it. */
    FunctionException exception() {
        Kind kind = switch (code) {
            case UNKNOWN -> message.endsWith(NO_FUNCTION) ? Kind.NOT_FOUND : Kind.USER_CODE;
            case DEADLINE_EXCEEDED -> Kind.TIMEOUT;
            case NOT_FOUND, UNIMPLEMENTED -> Kind.NOT_FOUND;
            case RESOURCE_EXHAUSTED -> TOO_LONG.matcher(message).find() ? Kind.TOO_LARGE : Kind.BUSY;
            case CANCELLED, UNAVAILABLE -> Kind.UNAVAILABLE;
            default -> Kind.USER_CODE;
        };
        return new FunctionException(kind, message.isEmpty() ? "status " + code : message);
    }

    /** The message as a header: printable ASCII, the rest in percent. */
    String encodedMessage() {
        String text = message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
        StringBuilder out = new StringBuilder(text.length());
        for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
            if (next >= ' ' && next <= '~' && next != '%') {
                out.append((char) next);
            } else {
                out.append('%').append(hex(next >> 4)).append(hex(next));
            }
        }
        return out.toString();
    }

    private static char hex(int digit) {
        return "0123456789ABCDEF".charAt(digit & 0xF);
    }

    /** Reads a header; what is no percent code is taken as it is. */
    static Status decode(int code, CharSequence header) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(header.length());
        for (int i = 0; i < header.length(); i++) {
            char next = header.charAt(i);
            int high = next == '%' && i + 2 < header.length() ? Character.digit(header.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(header.charAt(i + 2), 16);
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(next);
            }
        }
        return new Status(code, out.toString(StandardCharsets.UTF_8));
    }
}
