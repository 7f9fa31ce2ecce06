package io.openedge.function;

import io.openedge.app.ByteSize;
import io.openedge.app.InvalidValueException;
import java.nio.file.Path;

/**
 * Where and how functions are served over the network, as {@code server:} of a function runtime or of the function manager
 * says it. Immutable; absent texts are empty.
 *
 * @param address {@code host:port}; empty: nowhere, unless the instance is given an address
 * @param workers threads of a runtime that is a process of its own; 0: its own choice
 * @param concurrent calls in flight; default 1000
 * @param message limits of messages
 * @param ca file of the authorities of clients; when it is given, a client must show a certificate of theirs
 * @param cert file of the server's certificate; with it the server speaks TLS
 * @param key file of its key
 */
public record FunctionServerConfig(
        String address, Limit workers, Limit concurrent, Message message, String ca, String cert, String key) {
    /** Served nowhere by itself, with the limits that hold when none are configured. */
    public static final FunctionServerConfig DEFAULT =
            new FunctionServerConfig(null, null, null, null, null, null, null);

    private static final int CONCURRENT = 1000;

    public FunctionServerConfig {
        address = address == null ? "" : address;
        workers = workers == null ? new Limit(0) : workers;
        concurrent = concurrent == null || concurrent.max() == 0 ? new Limit(CONCURRENT) : concurrent;
        message = message == null ? new Message(null) : message;
        ca = ca == null ? "" : ca;
        cert = cert == null ? "" : cert;
        key = key == null ? "" : key;
        if (!address.isEmpty()) {
            HostPort.parse(address);
        }
        if (cert.isEmpty() != key.isEmpty()) {
            throw new InvalidValueException(
                    cert.isEmpty() ? "cert" : "key", "", "cert and key together, or none of the two");
        }
        if (!ca.isEmpty() && cert.isEmpty()) {
            throw new InvalidValueException("ca", ca, "ca with cert and key, or none of the three");
        }
    }

    /** The same at another address. */
    public FunctionServerConfig at(String other) {
        return new FunctionServerConfig(other, workers, concurrent, message, ca, cert, key);
    }

    /** The same with files below a directory. */
    public FunctionServerConfig in(Path directory) {
        return new FunctionServerConfig(
                address,
                workers,
                concurrent,
                message,
                file(directory, ca),
                file(directory, cert),
                file(directory, key));
    }

    /** The largest payload of a message or a result. Unit: bytes. */
    public int longest() {
        return message.length().bytes();
    }

    static String file(Path directory, String name) {
        return name.isEmpty() ? "" : directory.resolve(name).normalize().toString();
    }

    /** @param max the most; 0: the default */
    public record Limit(int max) {
        public Limit {
            if (max < 0) {
                throw new InvalidValueException("max", max, "0 (the default) or more");
            }
        }
    }

    /** @param length of a payload */
    public record Message(Length length) {
        public Message {
            length = length == null ? new Length(null) : length;
        }
    }

    /** @param max default 4 MiB; at most 1 GiB counts */
    public record Length(ByteSize max) {
        private static final long DEFAULT_BYTES = 4L << 20;
        private static final long MOST = 1L << 30;

        public Length {
            max = max == null || max.bytes() == 0 ? new ByteSize(DEFAULT_BYTES) : max;
        }

        /** What counts. */
        public int bytes() {
            return (int) Math.min(max.bytes(), MOST);
        }
    }
}
