package io.openedge.function.python;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What an error frame says.
 *
 * @param kind why there is no answer
 * @param text in the worker's words
 * @param last whether the worker ends with it: the function was over its limit
 */
record WorkerError(Kind kind, String text, boolean last) {
    /** What callers of the old runtimes find before the text. */
    private static final String PREFIX = "Exception calling application: ";

    private static final int OVER_LIMIT = 4;

    static WorkerError of(Frame frame) throws IOException {
        byte[] body = frame.head();
        if (body.length == 0) {
            throw new IOException("an error frame without code");
        }
        Kind kind = switch (body[0]) {
            case 1, OVER_LIMIT -> Kind.USER_CODE;
            case 2 -> Kind.NOT_FOUND;
            case 3 -> Kind.TOO_LARGE;
            default -> throw new IOException("an error frame with code " + body[0]);
        };
        return new WorkerError(
                kind, new String(body, 1, body.length - 1, StandardCharsets.UTF_8), body[0] == OVER_LIMIT);
    }

    /** The worker has ended because of a limit. */
    static WorkerError overLimit(String text) {
        return new WorkerError(Kind.USER_CODE, text, true);
    }

    FunctionException exception() {
        return new FunctionException(kind, PREFIX + text);
    }
}
