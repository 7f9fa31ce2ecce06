package io.openedge.engine.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import io.openedge.engine.Exit;

/** From the state of a container that has ended to what the master knows. Stateless. */
final class Exits {
    private static final int SIGNALS = 128;
    private static final int LAST_SIGNAL = 64;

    private Exits() {}

    /** @param lastWords the last line that it wrote */
    static Exit of(ContainerState state, String lastWords) {
        long code = state.getExitCodeLong() == null ? 0 : state.getExitCodeLong();
        String error = state.getError() == null ? "" : state.getError();
        if (Boolean.TRUE.equals(state.getOOMKilled()) && code != 0) {
            return new Exit.OutOfMemory();
        }
        if (!error.isBlank()) {
            return new Exit.Failed(error);
        }
        if (code == 0) {
            return new Exit.Normal();
        }
        if (code > SIGNALS && code <= SIGNALS + LAST_SIGNAL) {
            return new Exit.Signal((int) code - SIGNALS);
        }
        return new Exit.Code((int) code, lastWords);
    }
}
