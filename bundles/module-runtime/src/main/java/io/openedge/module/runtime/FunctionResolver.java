package io.openedge.module.runtime;

import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;

/** Finds what serves an address of functions. Thread rule: any thread. */
@FunctionalInterface
public interface FunctionResolver {
    /**
     * @param address {@code osgi:INSTANCE} or {@code host:port}
     * @throws FunctionException when nothing can serve that address here
     */
    FunctionConnection resolve(String address) throws FunctionException;
}
