package io.openedge.rest.client;

import java.nio.charset.StandardCharsets;

/**
 * An answer. Immutable; the body is not copied.
 *
 * @param status for example 200
 * @param body empty for none
 */
public record HttpAnswer(int status, byte[] body) {
    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
