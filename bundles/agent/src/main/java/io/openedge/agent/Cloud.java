package io.openedge.agent;

import io.openedge.app.ConfigException;
import io.openedge.archive.HttpsConnections;
import io.openedge.config.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The HTTPS server of the cloud. Thread rule: any thread; {@link #close} ends what other threads wait for. */
final class Cloud implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration REPORT = Duration.ofSeconds(30);
    private static final int MOST_ANSWER = 64 << 10;

    private final URI address;
    private final Map<String, String> credentials;
    private final HttpsConnections downloads;
    /** Servers that are not the configuration's: they see no certificate of this side. */
    private final HttpsConnections elsewhere;

    private final HttpsConnections reports;

    /** @throws ConfigException when the certificates or keys of the configuration cannot be used */
    Cloud(AgentConfig.Http config, Path directory) throws ConfigException {
        address = config.uri();
        credentials = credentials(config);
        Tls files = Tls.of(directory, config.ca(), config.cert(), config.key());
        KeyManager[] keys =
                files.keyManagers().map(KeyManagerFactory::getKeyManagers).orElse(new KeyManager[0]);
        SSLContext tls = tls(config, files, keys);
        Duration patience = config.timeout();
        downloads = downloads(config, tls);
        elsewhere = downloads(config, tls(config, files, new KeyManager[0]));
        reports = new HttpsConnections(new HttpsConnections.Settings(
                tls, config.insecure(), shorter(patience, REPORT), shorter(patience, REPORT)));
    }

    private static HttpsConnections downloads(AgentConfig.Http config, SSLContext tls) {
        Duration patience = config.timeout();
        return new HttpsConnections(
                new HttpsConnections.Settings(tls, config.insecure(), shorter(patience, CONNECT), patience));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Map<String, String> credentials(AgentConfig.Http config) {
        if (config.username().isEmpty()) {
            return Map.of();
        }
        byte[] text = (config.username() + ":" + config.password()).getBytes(StandardCharsets.UTF_8);
        return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(text));
    }

    private static SSLContext tls(AgentConfig.Http config, Tls files, KeyManager[] keys) {
        TrustManager[] trust = config.insecure()
                ? new TrustManager[] {new TrustsAnybody()}
                : files.serverTrust().getTrustManagers();
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(keys, trust, null);
            return tls;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java speaks TLS", e);
        }
    }

    /** For downloads from an address. */
    HttpsConnections downloads(URI url) {
        return isOwn(url) ? downloads : elsewhere;
    }

    /**
     * An address that the cloud wrote.
     *
     * @param url absolute, or relative to the server's
     */
    URI resolve(String url) throws RefusedException {
        try {
            return address.resolve(url.startsWith("//") ? "/" + url.replaceFirst("^/+", "") : url);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("url: '" + url + "' is no address; allowed: https://HOST/PATH or /PATH");
        }
    }

    /** What only the server of the configuration is told. */
    Map<String, String> credentials(URI url) {
        return isOwn(url) ? credentials : Map.of();
    }

    private boolean isOwn(URI url) {
        return address.getScheme().equalsIgnoreCase(url.getScheme())
                && address.getHost().equalsIgnoreCase(url.getHost())
                && port(address) == port(url);
    }

    private static int port(URI url) {
        return url.getPort() < 0 ? 443 : url.getPort();
    }

    /** @throws IOException when the server does not take it */
    void post(String url, ReportBody body) throws IOException, RefusedException {
        URI to = resolve(url);
        Map<String, String> headers = new HashMap<>(body.headers());
        headers.putAll(credentials(to));
        HttpsURLConnection connection = reports.open(to, headers);
        try {
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.content().length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.content());
            }
            int status = connection.getResponseCode();
            if (status / 100 != 2) {
                throw new IOException("the server answers " + status);
            }
            try (InputStream in = connection.getInputStream()) {
                in.readNBytes(MOST_ANSWER);
            }
        } finally {
            connection.disconnect();
        }
    }

    @Override
    public void close() {
        downloads.close();
        elsewhere.close();
        reports.close();
    }

    /** {@code insecure: true}, for tests. */
    private static final class TrustsAnybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
