package io.openedge.rest;

import io.netty.handler.codec.http.HttpHeaders;
import io.openedge.system.Gateway;
import io.openedge.system.Gateways;
import java.util.Optional;

/** Says who calls and what he may do, from what he sends with a request. Any thread. */
@FunctionalInterface
interface Access {
    /** Empty: he may do nothing. */
    Optional<Visitor> of(HttpHeaders headers);

    /**
     * Who calls. Immutable.
     *
     * @param name of the service; empty for the operator
     * @param gateway with his rights
     */
    record Visitor(String name, Gateway gateway) {}

    /** Services show name and token, under the headers of the first releases or of later ones. */
    static Access byToken(Gateways gateways) {
        return headers -> login(gateways, headers, "x-iot-edge-").or(() -> login(gateways, headers, "x-openedge-"));
    }

    /** Whoever can open the operator's socket is the operator. */
    static Access operator(Gateways gateways) {
        return headers -> Optional.of(new Visitor("", gateways.operator()));
    }

    private static Optional<Visitor> login(Gateways gateways, HttpHeaders headers, String prefix) {
        String name = headers.get(prefix + "username");
        String token = headers.get(prefix + "password");
        return name == null || token == null
                ? Optional.empty()
                : gateways.login(name, token).map(gateway -> new Visitor(name, gateway));
    }
}
