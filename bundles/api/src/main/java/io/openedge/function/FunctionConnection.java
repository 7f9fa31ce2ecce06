package io.openedge.function;

/** An endpoint elsewhere. Closing fails the calls in flight with {@link FunctionException.Kind#UNAVAILABLE}. */
public interface FunctionConnection extends FunctionEndpoint, AutoCloseable {
    @Override
    void close();
}
