package io.openedge.rest.client;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Where an API is served: a unix socket or a TCP port. Immutable. */
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

    /** What to connect or to bind to; looks the host up. */
    SocketAddress resolve();

    /**
     * Reads {@code unix://PATH} or {@code tcp://HOST:PORT}.
     *
     * @throws IllegalArgumentException when it is neither
     */
    static ServerAddress parse(String text) {
        if (text.startsWith("unix://") && text.length() > "unix://".length()) {
            return new Unix(Path.of(text.substring("unix://".length())));
        }
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (text.startsWith("tcp://") && colon > "tcp://".length() && port.matches("\\d{1,5}")) {
            String host = text.substring("tcp://".length(), colon).replaceAll("^\\[(.*)]$", "$1");
            int number = Integer.parseInt(port);
            if (number <= 0xFFFF) {
                return new Tcp(host, number);
            }
        }
        throw new IllegalArgumentException(text + " is no address; allowed: unix://PATH or tcp://HOST:PORT");
    }
}
