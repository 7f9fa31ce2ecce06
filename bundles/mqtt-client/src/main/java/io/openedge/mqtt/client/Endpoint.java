package io.openedge.mqtt.client;

import io.openedge.app.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a broker listens, as {@code address} says it. Not a {@link java.net.URI}: a service's name may hold an
 * underscore. Immutable.
 *
 * @param path without the leading slash; of a WebSocket
 * @param query without the question mark; of a WebSocket
 */
record Endpoint(boolean tls, boolean webSocket, String host, int port, String path, String query) {
    private static final Pattern ADDRESS = Pattern.compile(
            "(tcp|mqtt|ssl|mqtts|ws|wss)://(\\[[^\\]/]+\\]|[^:/?\\[\\]]+)(?::(\\d{1,5}))?(?:/([^?]*))?(?:\\?(.*))?");

    static Endpoint of(String address) throws ConfigException {
        Matcher parts = ADDRESS.matcher(address);
        int given = parts.matches() && parts.group(3) != null ? Integer.parseInt(parts.group(3)) : -1;
        if (!parts.matches() || given == 0 || given > 65535) {
            throw new ConfigException("address: '" + address + "' is not allowed here; allowed: tcp://HOST:PORT,"
                    + " ssl://HOST:PORT, ws://HOST:PORT/PATH or wss://HOST:PORT/PATH");
        }
        String scheme = parts.group(1);
        boolean webSocket = scheme.startsWith("ws");
        boolean tls = scheme.equals("ssl") || scheme.equals("mqtts") || scheme.equals("wss");
        int standard = webSocket ? (tls ? 443 : 80) : (tls ? 8883 : 1883);
        String host = parts.group(2).replace("[", "").replace("]", "");
        return new Endpoint(tls, webSocket, host, given < 0 ? standard : given, text(parts, 4), text(parts, 5));
    }

    /** Whether packets travel as they are. */
    boolean plain() {
        return !tls && !webSocket;
    }

    private static String text(Matcher parts, int group) {
        return parts.group(group) == null ? "" : parts.group(group);
    }
}
