package io.openedge.function.manager.pool;

import io.openedge.app.InvalidValueException;
import io.openedge.app.Names;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.HostPort;
import java.time.Duration;

/**
 * One of {@code functions[]}. Immutable.
 *
 * @param name as the runtime knows it
 * @param service whose instances compute it; empty: those at {@code address} do
 * @param address {@code host:port} of a runtime that runs by itself; empty: instances are started on demand
 * @param ca of the runtimes; with it or a certificate they are called over TLS
 * @param cert of this client
 * @param key of this client
 * @param instance how many, and for how long
 * @param message limits of messages
 * @param backoff longest wait between two tries
 * @param timeout of a call; default 30 s
 */
public record FunctionConfig(
        String name,
        String service,
        String address,
        String ca,
        String cert,
        String key,
        Instances instance,
        FunctionServerConfig.Message message,
        Backoff backoff,
        Duration timeout) {
    private static final int USUAL_PIPELINE = 64;

    public FunctionConfig {
        Names.require("name", name);
        address = address == null ? "" : address;
        if (address.isEmpty()) {
            Names.require("service", service);
        } else if (service != null) {
            throw new InvalidValueException("address", address, "either service or address");
        } else if (HostPort.parse(address).port() == 0) {
            throw new InvalidValueException("address", address, "HOST:PORT with a port from 1 to 65535");
        }
        service = service == null ? "" : service;
        ca = ca == null ? "" : ca;
        cert = cert == null ? "" : cert;
        key = key == null ? "" : key;
        if (cert.isEmpty() != key.isEmpty()) {
            throw new InvalidValueException(
                    cert.isEmpty() ? "cert" : "key", "", "cert and key together, or none of the two");
        }
        instance = instance == null ? new Instances(0, 0, null, null, 0) : instance;
        message = message == null ? new FunctionServerConfig.Message(null) : message;
        backoff = backoff == null ? new Backoff(null) : backoff;
        timeout = positive("timeout", timeout, Duration.ofSeconds(30));
    }

    /** The longest payload of a message or a result. Unit: bytes. */
    int longest() {
        return message.length().bytes();
    }

    /**
     * Calls that an instance holds at most: by default many, but one where {@code max} says how many a runtime that runs by
     * itself gets at the same time.
     */
    int pipeline() {
        if (instance.pipeline() > 0) {
            return instance.pipeline();
        }
        return address.isEmpty() ? USUAL_PIPELINE : 1;
    }

    /**
     * How the runtime at an address is called. The pool ends a call that is computed for longer than {@code timeout}; in the
     * pipe it may have waited for as many as there is room for.
     */
    FunctionClientConfig client(String where) {
        return new FunctionClientConfig(where, "", ca, cert, key, longest(), timeout.multipliedBy(pipeline()));
    }

    private static Duration positive(String key, Duration value, Duration absent) {
        if (value == null || value.isZero()) {
            return absent;
        }
        if (value.isNegative()) {
            throw new InvalidValueException(key, value, "a duration of more than zero");
        }
        return value;
    }

    /**
     * The size of the pool.
     *
     * @param min instances that are always there, 0 to 100
     * @param max instances at most, 1 to 100; default 1, and never less than {@code min}
     * @param idletime after which an idle instance may be stopped; default 10 min
     * @param evicttime between two looks for idle instances; default 1 min
     * @param pipeline calls that an instance holds at most, the one that it computes included, 1 to 1000; 0: the default, see
     *     {@link FunctionConfig#pipeline}
     */
    public record Instances(int min, int max, Duration idletime, Duration evicttime, int pipeline) {
        private static final int MOST = 100;
        private static final int LONGEST_PIPELINE = 1000;

        public Instances {
            if (min < 0 || min > MOST) {
                throw new InvalidValueException("min", min, "0 to " + MOST);
            }
            if (max < 0 || max > MOST) {
                throw new InvalidValueException("max", max, "1 to " + MOST);
            }
            max = Math.max(Math.max(max, 1), min);
            if (pipeline < 0 || pipeline > LONGEST_PIPELINE) {
                throw new InvalidValueException("pipeline", pipeline, "1 to " + LONGEST_PIPELINE);
            }
            idletime = positive("idletime", idletime, Duration.ofMinutes(10));
            evicttime = positive("evicttime", evicttime, Duration.ofMinutes(1));
        }
    }

    /** @param max default 1 min */
    public record Backoff(Duration max) {
        public Backoff {
            max = positive("max", max, Duration.ofMinutes(1));
        }
    }
}
