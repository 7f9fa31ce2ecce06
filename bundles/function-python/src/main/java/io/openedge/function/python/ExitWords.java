package io.openedge.function.python;

import java.util.Map;

/** Says in words how a process ended. Stateless. */
final class ExitWords {
    private static final int SIGNALS = 128;
    private static final Map<Integer, String> NAMES = Map.of(
            2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV",
            13, "SIGPIPE", 15, "SIGTERM");

    private ExitWords() {}

    /** @param value as Java gives it: 128 and the number of the signal, or the exit code */
    static String of(int value) {
        if (value > SIGNALS && value <= SIGNALS + 64) {
            int signal = value - SIGNALS;
            return "was killed by signal " + signal + (NAMES.containsKey(signal) ? " (" + NAMES.get(signal) + ")" : "");
        }
        return "ended with exit code " + value;
    }
}
