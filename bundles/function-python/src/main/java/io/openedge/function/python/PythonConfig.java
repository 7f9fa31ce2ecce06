package io.openedge.function.python;

import io.openedge.app.InvalidValueException;
import io.openedge.config.LoggerConfig;
import io.openedge.function.FunctionServerConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The configuration of a Python runtime. Immutable; absent texts are empty.
 *
 * @param server limits, and where functions are served over the network
 * @param functions at least one; names are unique
 * @param python the interpreter that is tried first
 * @param logger of the instance
 */
public record PythonConfig(
        FunctionServerConfig server, List<FunctionConfig> functions, String python, LoggerConfig logger) {
    public PythonConfig {
        server = server == null ? FunctionServerConfig.DEFAULT : server;
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
        return server.longest();
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
}
