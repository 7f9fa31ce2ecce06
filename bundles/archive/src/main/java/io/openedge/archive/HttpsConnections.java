package io.openedge.archive;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/**
 * Requests over HTTPS, one connection each, on the JDK's {@link HttpsURLConnection}, which has a time-out for each read and
 * no thread of its own. The server's certificate and name are verified; redirects are not followed by themselves.
 *
 * <p>Thread rule: any thread; {@link #close} ends what other threads wait for.
 */
public final class HttpsConnections implements AutoCloseable {
    private final OpenSockets sockets;
    private final Settings settings;

    /**
     * How servers are reached.
     *
     * @param tls with the authorities that are trusted, and this side's certificate when it has one
     * @param insecure whether the server's name is not checked; tests only
     * @param connect how long a connection may take
     * @param read how long nothing may come
     */
    public record Settings(SSLContext tls, boolean insecure, Duration connect, Duration read) {}

    /** @param settings for all connections */
    public HttpsConnections(Settings settings) {
        this.settings = settings;
        this.sockets = new OpenSockets(settings.tls().getSocketFactory());
    }

    /**
     * Prepares a request; the caller sends it and disconnects.
     *
     * @param url absolute
     * @param headers of it
     * @throws ArchiveException when the address is not one of HTTPS
     */
    public HttpsURLConnection open(URI url, Map<String, String> headers) throws IOException {
        if (!"https".equalsIgnoreCase(url.getScheme()) || url.getHost() == null || url.getRawUserInfo() != null) {
            throw new ArchiveException(
                    "'" + printable(url) + "' is no address for a download; allowed: https://HOST[:PORT]/…");
        }
        HttpsURLConnection connection = (HttpsURLConnection) url.toURL().openConnection();
        connection.setSSLSocketFactory(sockets);
        if (settings.insecure()) {
            connection.setHostnameVerifier((host, session) -> true);
        }
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout(millis(settings.connect()));
        connection.setReadTimeout(millis(settings.read()));
        connection.setRequestProperty("Connection", "close");
        headers.forEach(connection::setRequestProperty);
        return connection;
    }

    /** Without user, password and query, which may be secrets. */
    static String printable(URI url) {
        String text = url.toString().replaceAll("//[^/@]*@", "//…@");
        int query = text.indexOf('?');
        return EntryName.printable(query < 0 ? text : text.substring(0, query) + "?…");
    }

    private static int millis(Duration duration) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
    }

    @Override
    public void close() {
        sockets.close();
    }
}
