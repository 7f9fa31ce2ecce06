package io.openedge.hub.transport;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.openedge.app.ConfigException;
import io.openedge.config.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Where the hub's certificates are. Immutable; any thread.
 *
 * @param directory where relative paths are taken
 * @param ca authorities of clients; empty: clients are not asked for a certificate
 * @param cert the hub's certificate, its chain after it
 * @param key its private key
 */
public record CertificateFiles(Path directory, String ca, String cert, String key) {
    /** What may stand in the configuration, for messages. */
    public static final String ALLOWED =
            "certificate: {cert, key} with PEM files of the hub's certificate and its key, and ca with the authorities of"
                    + " clients when they shall log in by certificate; relative paths are in the service's directory";

    /** Sessions of clients that may be taken up again. */
    private static final int SESSIONS = 1_000;

    private static final int SESSION_SECONDS = 3_600;

    /**
     * Reads the files.
     *
     * @throws ConfigException names the file and what is wrong with it
     */
    SslContext read() throws ConfigException {
        if (cert.isEmpty() && key.isEmpty()) {
            throw new ConfigException("there is no certificate");
        }
        Tls tls = Tls.of(directory, ca, cert, key);
        SslContextBuilder builder = SslContextBuilder.forServer(
                        tls.keyManagers().orElseThrow())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .sessionCacheSize(SESSIONS)
                .sessionTimeout(SESSION_SECONDS);
        tls.clientTrust()
                .ifPresent(authorities -> builder.trustManager(authorities).clientAuth(ClientAuth.OPTIONAL));
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new ConfigException(directory.resolve(cert) + ": cannot be used: " + e.getMessage(), e);
        }
    }

    /** Another text after another content. */
    String stamp() {
        return Stream.of(ca, cert, key)
                .filter(name -> !name.isEmpty())
                .map(name -> stamp(directory.resolve(name)))
                .collect(Collectors.joining(" "));
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()))
                    .toString();
        } catch (IOException e) {
            return "none";
        }
    }
}
