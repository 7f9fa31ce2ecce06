package io.openedge.module;

import io.openedge.function.FunctionEndpoint;
import java.util.Optional;

/** A module at work. {@link #close()} ends it: afterwards none of its threads, sockets and files are left. */
public interface ModuleInstance extends AutoCloseable {
    /** Where functions of this instance are called, for a function runtime. */
    default Optional<FunctionEndpoint> endpoint() {
        return Optional.empty();
    }
}
