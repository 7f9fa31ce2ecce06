package io.openedge.rest.client;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.openedge.config.Tls;
import javax.net.ssl.SSLException;

/** The client's side of TLS: 1.2 and 1.3, the server's name is compared with its certificate. Stateless. */
final class ClientTls {
    private ClientTls() {}

    static SslContext system() {
        return build(SslContextBuilder.forClient());
    }

    static SslContext of(Tls tls) {
        SslContextBuilder builder = SslContextBuilder.forClient().trustManager(tls.serverTrust());
        tls.keyManagers().ifPresent(builder::keyManager);
        return build(builder);
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("the Java platform has no TLS", e);
        }
    }
}
