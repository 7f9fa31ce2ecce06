package io.openedge.rest;

import java.time.Duration;

/**
 * What a listener allows. Immutable.
 *
 * @param idle after which a connection without a request is closed
 * @param header from the first byte of a request to the end of its headers
 * @param body from the first byte of a request to its last
 * @param connections at the same time
 * @param ofOne of them by the same service
 */
record Limits(Duration idle, Duration header, Duration body, int connections, int ofOne) {
    private static final Duration HEADER = Duration.ofSeconds(5);
    private static final Duration BODY = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 64;
    private static final int OF_ONE = 8;

    static Limits services(Duration idle) {
        return new Limits(idle, HEADER, BODY, CONNECTIONS, OF_ONE);
    }

    /** The operator's connections are counted apart: nobody else can take them. */
    static Limits operator(Duration idle) {
        return new Limits(idle, HEADER, BODY, CONNECTIONS, CONNECTIONS);
    }
}
