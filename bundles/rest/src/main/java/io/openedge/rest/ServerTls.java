package io.openedge.rest;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.openedge.app.ConfigException;
import io.openedge.config.Tls;
import io.openedge.rest.client.ServerAddress;
import io.openedge.system.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** Makes the server's side of TLS from files. Stateless. */
final class ServerTls {
    private ServerTls() {}

    /**
     * Empty when none is asked for.
     *
     * @throws IOException names the file and what is wrong with it: never in clear where encryption was asked for
     */
    static Optional<SslContext> of(ServerSettings settings, ServerAddress address) throws IOException {
        if (settings.cert().isEmpty()
                && settings.key().isEmpty()
                && settings.ca().isEmpty()) {
            return Optional.empty();
        }
        if (address instanceof ServerAddress.Unix) {
            throw new IOException(address + ": server.ca, cert and key are for a tcp address alone");
        }
        try {
            Tls tls = Tls.of(Path.of("/"), settings.ca(), settings.cert(), settings.key());
            KeyManagerFactory keys = tls.keyManagers()
                    .orElseThrow(() -> new ConfigException("server.ca is given, and cert and key are missing"));
            return Optional.of(context(keys, tls.clientTrust()));
        } catch (ConfigException e) {
            throw new IOException(address + ": " + e.getMessage(), e);
        }
    }

    private static SslContext context(KeyManagerFactory keys, Optional<TrustManagerFactory> clients)
            throws IOException {
        SslContextBuilder builder =
                SslContextBuilder.forServer(keys).sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
        clients.ifPresent(trust -> builder.trustManager(trust).clientAuth(ClientAuth.OPTIONAL));
        return builder.build();
    }
}
