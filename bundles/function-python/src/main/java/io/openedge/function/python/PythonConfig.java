package io.openedge.function.python;

import io.openedge.app.ByteSize;
import io.openedge.app.InvalidValueException;
import io.openedge.config.LoggerConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The configuration of a Python runtime. Immutable; absent texts are empty.
 *
 * @param server limits, and where functions are served when the runtime runs alone
 * @param functions at least one; names are unique
 * @param python the interpreter that is tried first
 * @param logger of the instance
 */
public record PythonConfig(ServerConfig server, List<FunctionConfig> functions, String python, LoggerConfig logger) {
    public PythonConfig {
        server = server == null ? new ServerConfig(null, null, null, null, null, null, null) : server;
        functions = functions == null ? List.of() : List.copyOf(functions);
        python = python == null ? "" : python;
        logger = logger == null ? LoggerConfig.DEFAULT : logger;
        if (functions.isEmpty()) {
            throw new InvalidValueException("functions", "", "at least one function");
        }
        Set<String> names = new HashSet<>();
        for (FunctionConfig function : functions) {
            if (!names.add(function.name())) {
                throw new InvalidValueException("functions", function.name(), "each name once");
            }
        }
    }

    /** The largest payload of a message or a result. Unit: bytes. */
    public int longest() {
        return (int) Math.min(server.message().length().max().bytes(), 1 << 30);
    }

    /** How many calls may be in flight. */
    public int concurrent() {
        return server.concurrent().max();
    }

    /**
     * One function.
     *
     * @param name that callers use
     * @param handler {@code module.function}; packages are allowed
     * @param codedir where the module lies, relative to the service's directory
     */
    public record FunctionConfig(String name, String handler, String codedir) {
        public FunctionConfig {
            if (name == null) {
                throw new InvalidValueException("name", "", "the function's name");
            }
            if (handler == null || !handler.matches("[^.\\s]+(\\.[^.\\s]+)+")) {
                throw new InvalidValueException(
                        "handler", handler == null ? "" : handler, "MODULE.FUNCTION, for example index.handler");
            }
            codedir = codedir == null ? "." : codedir;
        }
    }

    /**
     * The {@code server:} section.
     *
     * @param address where functions are served over gRPC
     * @param workers of a runtime that runs alone
     * @param concurrent how many calls may be in flight
     * @param message limits of messages
     * @param ca of clients
     * @param cert of the server
     * @param key of the server
     */
    public record ServerConfig(
            String address, Limit workers, Limit concurrent, Message message, String ca, String cert, String key) {
        public ServerConfig {
            address = address == null ? "" : address;
            workers = workers == null ? new Limit(1) : workers;
            concurrent = concurrent == null || concurrent.max() == 0 ? new Limit(1000) : concurrent;
            message = message == null ? new Message(null) : message;
            ca = ca == null ? "" : ca;
            cert = cert == null ? "" : cert;
            key = key == null ? "" : key;
        }
    }

    /** @param max the most */
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
        public Length {
            max = max == null || max.bytes() == 0 ? new ByteSize(4 << 20) : max;
        }
    }
}
