package io.openedge.function;

import io.openedge.app.InvalidValueException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TCP address, written {@code host:port}; an IPv6 address stands in brackets. Immutable.
 *
 * @param host a name or an address, without brackets
 * @param port 0 to 65535; 0: one that is free, for a server
 */
public record HostPort(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(\\[([0-9A-Fa-f:.%]+)]|[^\\s:/\\[\\]]+):([0-9]{1,5})");
    private static final int LAST = 65535;

    /**
     * Reads an address.
     *
     * @throws InvalidValueException when the text is none
     */
    public static HostPort parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(3)) > LAST) {
            throw new InvalidValueException("address", text, "HOST:PORT, for example 127.0.0.1:50051");
        }
        return new HostPort(parts.group(2) == null ? parts.group(1) : parts.group(2), Integer.parseInt(parts.group(3)));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
