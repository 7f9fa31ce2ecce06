package io.openedge.function;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Functions elsewhere and how they are called. Immutable; absent texts are empty.
 *
 * @param address {@code osgi:INSTANCE} inside the framework, else {@code host:port}
 * @param name that the server's certificate must have; empty: the host of the address
 * @param ca file of authorities that are trusted beside the system's; with it or a certificate TLS is spoken
 * @param cert file of the client's certificate
 * @param key file of its key
 * @param longest payload of a message or a result. Unit: bytes
 * @param timeout the server is told how long the caller waits; zero: for ever
 */
public record FunctionClientConfig(
        String address, String name, String ca, String cert, String key, int longest, Duration timeout) {
    /** What the address of an instance in this framework starts with. */
    public static final String IN_FRAMEWORK = "osgi:";

    private static final int LONGEST = 4 << 20;

    /** In clear, with the limits that hold when none are configured. */
    public static FunctionClientConfig of(String address) {
        return new FunctionClientConfig(address, "", "", "", "", LONGEST, Duration.ZERO);
    }

    /** Whether the functions are in this framework. */
    public boolean inFramework() {
        return address.startsWith(IN_FRAMEWORK);
    }

    /** Whether the connection is encrypted. */
    public boolean encrypted() {
        return !ca.isEmpty() || !cert.isEmpty() || !key.isEmpty();
    }

    /** The same functions, found at another place under their own name. */
    public FunctionClientConfig at(HostPort place) {
        return new FunctionClientConfig(
                place.toString(),
                name.isEmpty() ? HostPort.parse(address).host() : name,
                ca,
                cert,
                key,
                longest,
                timeout);
    }

    /** The same with files below a directory. */
    public FunctionClientConfig in(Path directory) {
        return new FunctionClientConfig(
                address,
                name,
                FunctionServerConfig.file(directory, ca),
                FunctionServerConfig.file(directory, cert),
                FunctionServerConfig.file(directory, key),
                longest,
                timeout);
    }
}
