package io.openedge.function.grpc;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.openedge.app.ConfigException;
import io.openedge.config.Tls;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionServerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/** HTTP/2 in clear, by prior knowledge, or over TLS 1.2 and 1.3, negotiated by ALPN. Stateless. */
final class Protocols {
    private static final Path ROOT = Path.of("/");

    private Protocols() {}

    /**
     * The client's side of TLS; empty when none is asked for.
     *
     * @throws FunctionException names the file and what is wrong with it
     */
    static Optional<SslContext> tls(FunctionClientConfig config) throws FunctionException {
        if (!config.encrypted()) {
            return Optional.empty();
        }
        try {
            Tls tls = Tls.of(ROOT, config.ca(), config.cert(), config.key());
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .trustManager(tls.serverTrust())
                    .endpointIdentificationAlgorithm("HTTPS");
            tls.keyManagers().ifPresent(builder::keyManager);
            return Optional.of(build(builder));
        } catch (ConfigException | SSLException e) {
            throw new FunctionException(Kind.UNAVAILABLE, config.address() + ": " + e.getMessage());
        }
    }

    /**
     * The server's side of TLS; empty when none is asked for. With authorities of clients, a client must show a certificate.
     *
     * @throws FunctionException names the file and what is wrong with it
     */
    static Optional<SslContext> tls(FunctionServerConfig config) throws FunctionException {
        if (config.cert().isEmpty()) {
            return Optional.empty();
        }
        try {
            Tls tls = Tls.of(ROOT, config.ca(), config.cert(), config.key());
            SslContextBuilder builder =
                    SslContextBuilder.forServer(tls.keyManagers().orElseThrow());
            tls.clientTrust().ifPresent(clients -> builder.trustManager(clients).clientAuth(ClientAuth.REQUIRE));
            return Optional.of(build(builder));
        } catch (ConfigException | SSLException e) {
            throw new FunctionException(Kind.UNAVAILABLE, config.address() + ": " + e.getMessage());
        }
    }

    private static SslContext build(SslContextBuilder builder) throws SSLException {
        return builder.sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        List.of(ApplicationProtocolNames.HTTP_2)))
                .build();
    }

    /**
     * Begins to speak.
     *
     * @param handshake TLS; empty: in clear
     * @param handlers of HTTP/2, added when it has been agreed on
     * @param failed hears why TLS did not come about, before the channel closes
     */
    static void begin(
            ChannelPipeline pipeline,
            Optional<SslHandler> handshake,
            List<ChannelHandler> handlers,
            Consumer<Throwable> failed) {
        ChannelHandler[] all = handlers.toArray(ChannelHandler[]::new);
        if (handshake.isEmpty()) {
            pipeline.addLast(all);
        } else {
            handshake.get().handshakeFuture().addListener(agreed -> {
                if (!agreed.isSuccess()) {
                    failed.accept(agreed.cause());
                }
            });
            pipeline.addLast(handshake.get(), new Negotiation(all, failed));
        }
    }

    private static final class Negotiation extends ApplicationProtocolNegotiationHandler {
        private final ChannelHandler[] handlers;
        private final Consumer<Throwable> failed;

        Negotiation(ChannelHandler[] handlers, Consumer<Throwable> failed) {
            super("");
            this.handlers = handlers;
            this.failed = failed;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) throws SSLException {
            if (!protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                throw new SSLException("the other side does not speak HTTP/2");
            }
            ctx.pipeline().addLast(handlers);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failed.accept(cause);
            ctx.close();
        }
    }
}
