package io.openedge.rest.client;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where an API is served: a unix socket or a TCP port, in clear or behind TLS. Immutable. */
public sealed interface ServerAddress {
    /**
     * A unix socket.
     *
     * @param path of its file
     */
    record Unix(Path path) implements ServerAddress {
        @Override
        public SocketAddress resolve() {
            return UnixDomainSocketAddress.of(path);
        }

        @Override
        public String toString() {
            return "unix://" + path;
        }
    }

    /**
     * A TCP port.
     *
     * @param host name or number
     * @param port 0 to 65535
     */
    record Tcp(String host, int port) implements ServerAddress {
        @Override
        public SocketAddress resolve() {
            return new InetSocketAddress(host, port);
        }

        @Override
        public String toString() {
            return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * A TCP port behind TLS, for clients.
     *
     * @param host name or number, as the server's certificate has it
     * @param port 0 to 65535
     */
    record Https(String host, int port) implements ServerAddress {
        @Override
        public SocketAddress resolve() {
            return new InetSocketAddress(host, port);
        }

        @Override
        public String toString() {
            return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** What to connect or to bind to; looks the host up. */
    SocketAddress resolve();

    /**
     * Reads {@code unix://PATH}, {@code tcp://HOST:PORT} or {@code https://HOST:PORT}.
     *
     * @throws IllegalArgumentException when it is none of them
     */
    static ServerAddress parse(String text) {
        if (text.startsWith("unix://") && text.length() > "unix://".length()) {
            return new Unix(Path.of(text.substring("unix://".length())));
        }
        Matcher matcher =
                Pattern.compile("(tcp|https)://(\\[[^]]+]|.+):(\\d{1,5})").matcher(text);
        if (matcher.matches() && Integer.parseInt(matcher.group(3)) <= 0xFFFF) {
            String host = matcher.group(2).replaceAll("^\\[(.*)]$", "$1");
            int port = Integer.parseInt(matcher.group(3));
            return matcher.group(1).equals("tcp") ? new Tcp(host, port) : new Https(host, port);
        }
        throw new IllegalArgumentException(
                text + " is no address; allowed: unix://PATH, tcp://HOST:PORT or https://HOST:PORT");
    }
}
