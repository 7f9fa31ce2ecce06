package io.openedge.hub.transport;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a listener listens.
 *
 * @param text as configured
 * @param scheme tcp, ssl, ws or wss
 * @param host empty: all addresses
 * @param port 0: a free one
 * @param path of ws and wss; empty: any
 */
public record ListenAddress(String text, String scheme, String host, int port, String path) {
    /** What {@link #parse} accepts, for messages. */
    public static final String ALLOWED =
            "tcp://HOST:PORT, ssl://HOST:PORT, ws://HOST:PORT/PATH or wss://HOST:PORT/PATH";

    private static final Pattern FORM =
            Pattern.compile("(tcp|ssl|ws|wss)://(\\[[^\\]]+\\]|[^:/\\s]*):(\\d{1,5})(/\\S*)?");

    /** With TLS. */
    public boolean secure() {
        return scheme.equals("ssl") || scheme.equals("wss");
    }

    /** WebSocket. */
    public boolean web() {
        return scheme.startsWith("ws");
    }

    /** Empty when the text is no address of a listener. */
    public static Optional<ListenAddress> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(form.group(3));
        String path = form.group(4) == null ? "" : form.group(4);
        boolean web = form.group(1).startsWith("ws");
        if (port > 65_535 || !web && !path.isEmpty() && !path.equals("/")) {
            return Optional.empty();
        }
        String host = form.group(2);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return Optional.of(new ListenAddress(text, form.group(1), bare, port, path));
    }
}
