package io.openedge.function.python;

import io.openedge.function.python.PythonConfig.FunctionConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the host holds the functions of a worker to. Immutable.
 *
 * @param concurrent how many calls may wait to be written
 * @param longest payload or result of any function. Unit: bytes
 * @param functions by name
 */
record WorkerLimits(int concurrent, int longest, Map<String, FunctionConfig> functions) {
    /** The signal that ends a process when its interval timer for processor time has run down. */
    private static final int CPU_SIGNAL = 128 + 27;

    static WorkerLimits of(PythonConfig config) {
        return new WorkerLimits(
                config.concurrent(),
                config.longest(),
                config.functions().stream().collect(Collectors.toMap(FunctionConfig::name, Function.identity())));
    }

    /** The largest payload that a function takes. Unit: bytes. */
    int longest(String function) {
        FunctionConfig config = functions.get(function);
        return config == null ? longest : config.longest(longest);
    }

    /**
     * Why a worker ended, when it is a limit that ended it.
     *
     * @param exitValue as Java gives it
     * @param function that ran then
     */
    Optional<String> over(int exitValue, Optional<String> function) {
        Duration cpu =
                function.map(functions::get).map(config -> config.cpu().limit()).orElse(Duration.ZERO);
        return exitValue == CPU_SIGNAL && !cpu.isZero()
                ? Optional.of("function '" + function.get() + "' needs more processor time than its cpu.limit of "
                        + cpu.toMillis() + " ms")
                : Optional.empty();
    }
}
