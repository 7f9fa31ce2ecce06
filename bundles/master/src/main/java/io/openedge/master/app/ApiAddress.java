package io.openedge.master.app;

import io.openedge.app.ConfigException;
import io.openedge.config.Tls;
import io.openedge.system.ServerSettings;
import java.nio.file.Path;

/**
 * Where modules of this host reach the API, and how they know it. Immutable.
 *
 * @param text {@code unix:///PATH} or {@code tcp://HOST:PORT}, behind TLS {@code https://HOST:PORT}; the host is one that can
 *     be connected to, also when the API listens on all
 * @param fingerprint of the certificate that it shows, SHA-256 in hex; empty: it shows none
 */
public record ApiAddress(String text, String fingerprint) {

    /** The address that goes with these settings. What cannot be read there, the API says when it is to be served. */
    public static ApiAddress of(ServerSettings server) {
        String here = server.address()
                .replaceFirst("^tcp://0\\.0\\.0\\.0:", "tcp://127.0.0.1:")
                .replaceFirst("^tcp://\\[::]:", "tcp://[::1]:");
        if (server.cert().isEmpty()) {
            return new ApiAddress(here, "");
        }
        return new ApiAddress(here.replaceFirst("^tcp:", "https:"), fingerprint(server));
    }

    private static String fingerprint(ServerSettings server) {
        try {
            return Tls.of(Path.of("/"), server.ca(), server.cert(), server.key())
                    .fingerprint()
                    .orElse("");
        } catch (ConfigException e) {
            return "";
        }
    }
}
