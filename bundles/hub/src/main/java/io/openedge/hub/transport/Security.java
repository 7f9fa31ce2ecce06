package io.openedge.hub.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.openedge.app.ConfigException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;

/**
 * TLS for channels. What a handshake computes is computed on threads of its own, so that messages of others do not wait
 * for it; the same threads look after the certificates. Thread rule: any thread; whoever opens closes.
 */
final class Security implements AutoCloseable {
    private static final long CHECK_SECONDS = 1;
    private static final long LAST_WORDS_MILLIS = 1_000;
    private static final long AFTER_LOGIN_MILLIS = 100;

    private final Certificates certificates;
    private final ScheduledThreadPoolExecutor threads;

    /**
     * @param name of the threads
     * @throws ConfigException when the files cannot be used
     */
    Security(CertificateFiles files, String name, int threads, Logger log) throws ConfigException {
        certificates = new Certificates(files, log);
        this.threads = new ScheduledThreadPoolExecutor(threads, new DefaultThreadFactory(name + "-tls"));
        this.threads.scheduleWithFixedDelay(certificates::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Puts TLS between the socket and all that comes after.
     *
     * @param login how long a whole login may take; whoever ends that cannot be told before the handshake is over, so
     *     that the channel is closed here, right after it
     */
    void addTo(Channel channel, Duration login) {
        SslHandler handler = certificates.context().newHandler(channel.alloc(), threads);
        handler.setHandshakeTimeoutMillis(login.toMillis() + AFTER_LOGIN_MILLIS);
        handler.setCloseNotifyFlushTimeoutMillis(LAST_WORDS_MILLIS);
        channel.pipeline().addLast(handler);
    }

    /** The verified certificate of the client, once its handshake is over. */
    static Optional<X509Certificate> shown(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null) {
            return Optional.empty();
        }
        try {
            Certificate[] chain = handler.engine().getSession().getPeerCertificates();
            return chain[0] instanceof X509Certificate first ? Optional.of(first) : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    /** What a failure of TLS is called in the log: never with bytes of the client, which may be a password. */
    static Optional<String> reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotSslRecordException) {
                return Optional.of("it does not speak TLS");
            }
            if (cause instanceof SSLException) {
                return Optional.of("TLS: " + cause.getMessage());
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
