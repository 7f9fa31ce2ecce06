package io.openedge.engine.process;

import io.openedge.engine.Exit;

/** Tells from what the host knows how a run ended that nobody stopped. Stateless. */
final class Ends {
    private static final int CANNOT_RUN = 126; // a shell's codes for a program that it cannot become
    private static final int NOT_FOUND = 127;
    private static final int SIGNAL = 128; // Java's exit code for a process that was killed, plus the signal
    private static final int LAST_SIGNAL = 64;

    private Ends() {}

    /**
     * @param code of the first process
     * @param worked whether the program has begun
     * @param outOfMemory whether the kernel killed one of the processes for that
     * @param lastLine of what it printed
     */
    static Exit of(int code, boolean worked, boolean outOfMemory, String lastLine) {
        if (code == 0) {
            return new Exit.Normal();
        }
        if (outOfMemory) {
            return new Exit.OutOfMemory();
        }
        boolean ofLaunch = code == CANNOT_RUN || code == NOT_FOUND || code == LaunchLine.NO_GATEWAY;
        if (!worked && ofLaunch) {
            return new Exit.Failed("cannot be executed: " + (lastLine.isEmpty() ? "exit code " + code : lastLine));
        }
        if (code > SIGNAL && code <= SIGNAL + LAST_SIGNAL) {
            return new Exit.Signal(code - SIGNAL);
        }
        return new Exit.Code(code, lastLine);
    }
}
