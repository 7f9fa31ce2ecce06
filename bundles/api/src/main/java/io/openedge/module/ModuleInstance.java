package io.openedge.module;

import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionServerConfig;
import java.util.List;
import java.util.Optional;

/** A module at work. {@link #close()} ends it: afterwards none of its threads, sockets and files are left. */
public interface ModuleInstance extends AutoCloseable {
    /** Where functions of this instance are called, for a function runtime. */
    default Optional<FunctionEndpoint> endpoint() {
        return Optional.empty();
    }

    /**
     * How {@link #endpoint()} is served over the network, when the instance is given an address or names one itself. Its host
     * serves it there before the instance counts as running; files are relative to the service's directory.
     */
    default FunctionServerConfig server() {
        return FunctionServerConfig.DEFAULT;
    }

    /**
     * The processes that it runs outside, for the operator to see what they use. Called from any thread; answers at
     * once.
     */
    default List<ProcessHandle> processes() {
        return List.of();
    }
}
