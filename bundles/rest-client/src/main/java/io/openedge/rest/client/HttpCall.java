package io.openedge.rest.client;

import java.time.Duration;
import java.util.Map;

/**
 * A request. Immutable; the body is not copied.
 *
 * @param method for example GET
 * @param path with a leading slash
 * @param headers beside those of the connection
 * @param body empty for none
 * @param limit for connecting and the whole answer together
 */
public record HttpCall(String method, String path, Map<String, String> headers, byte[] body, Duration limit) {
    public HttpCall {
        headers = Map.copyOf(headers);
    }
}
