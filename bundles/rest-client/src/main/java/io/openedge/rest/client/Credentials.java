package io.openedge.rest.client;

import java.util.Map;

/**
 * Who calls. Immutable.
 *
 * @param service its name
 * @param token of the service
 */
public record Credentials(String service, String token) {
    /** The operator, who is known by his socket. */
    public static final Credentials OPERATOR = new Credentials("", "");

    Map<String, String> headers() {
        return service.isEmpty() ? Map.of() : Map.of("x-iot-edge-username", service, "x-iot-edge-password", token);
    }

    /** Without the token: it belongs into no log. */
    @Override
    public String toString() {
        return service.isEmpty() ? "operator" : service;
    }
}
