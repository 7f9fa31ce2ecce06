package io.openedge.function.python;

import io.openedge.app.ByteSize;
import io.openedge.app.InvalidValueException;
import io.openedge.config.LoggerConfig;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionServerConfig.Message;
import java.time.Duration;
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
     * @param memory of the worker while the function runs
     * @param cpu processor time of one call
     * @param message its payload and result, within what {@code server:} allows
     * @param reload whether code is loaded again when its folder changes
     */
    public record FunctionConfig(
            String name, String handler, String codedir, Memory memory, Cpu cpu, Message message, boolean reload) {
        public FunctionConfig {
            if (name == null) {
                throw new InvalidValueException("name", "", "the function's name");
            }
            if (handler == null || !handler.matches("[^.\\s]+(\\.[^.\\s]+)+")) {
                throw new InvalidValueException(
                        "handler", handler == null ? "" : handler, "MODULE.FUNCTION, for example index.handler");
            }
            codedir = codedir == null ? "." : codedir;
            memory = memory == null ? Memory.NONE : memory;
            cpu = cpu == null ? Cpu.NONE : cpu;
        }

        /** A function without limits of its own. */
        public FunctionConfig(String name, String handler, String codedir) {
            this(name, handler, codedir, null, null, null, false);
        }

        /** The largest payload or result, where the runtime takes up to {@code most}. Unit: bytes. */
        public int longest(int most) {
            return message == null ? most : Math.min(most, message.length().bytes());
        }
    }

    /** @param limit bytes of data of the whole process; zero: none */
    public record Memory(ByteSize limit) {
        static final Memory NONE = new Memory(null);

        public Memory {
            limit = limit == null ? new ByteSize(0) : limit;
        }
    }

    /** @param limit of one call; zero: none */
    public record Cpu(Duration limit) {
        static final Cpu NONE = new Cpu(null);
        private static final Duration LEAST = Duration.ofMillis(10);

        public Cpu {
            limit = limit == null ? Duration.ZERO : limit;
            if (limit.isNegative() || !limit.isZero() && limit.compareTo(LEAST) < 0) {
                throw new InvalidValueException("limit", limit, "a duration of 10ms or more, or 0 for no limit");
            }
        }
    }
}
