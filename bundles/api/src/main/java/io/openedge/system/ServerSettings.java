package io.openedge.system;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how the API is served. Immutable; absent texts are empty.
 *
 * @param address {@code unix:///PATH} or {@code tcp://HOST:PORT}, complete: relative paths and paths too long for a
 *     socket are already replaced
 * @param timeout after which an idle connection is closed
 * @param ca file of certificates for clients
 * @param cert file of the server's certificate
 * @param key file of its key
 * @param operatorSocket the socket of the operator
 */
public record ServerSettings(
        String address, Duration timeout, String ca, String cert, String key, Path operatorSocket) {}
