package io.openedge.rest.client;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.FingerprintTrustManagerFactory;
import io.openedge.config.Tls;
import javax.net.ssl.SSLException;

/** The client's side of TLS: 1.2 and 1.3, the server is known by its name or by its certificate alone. Stateless. */
final class ClientTls {
    private ClientTls() {}

    static SslContext system() {
        return named(SslContextBuilder.forClient());
    }

    static SslContext of(Tls tls) {
        SslContextBuilder builder = SslContextBuilder.forClient().trustManager(tls.serverTrust());
        tls.keyManagers().ifPresent(builder::keyManager);
        return named(builder);
    }

    static SslContext pinned(String fingerprint) {
        return build(SslContextBuilder.forClient()
                .trustManager(FingerprintTrustManagerFactory.builder("SHA-256")
                        .fingerprints(fingerprint)
                        .build())
                .endpointIdentificationAlgorithm(""));
    }

    private static SslContext named(SslContextBuilder builder) {
        return build(builder.endpointIdentificationAlgorithm("HTTPS"));
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("the Java platform has no TLS", e);
        }
    }
}
