package io.openedge.function.manager.pool;

import io.openedge.function.FunctionConnection;

/** An instance that works. Owned by the loop. */
final class PooledInstance {
    private final int number;
    private final FunctionConnection connection;
    private long idleSince;

    PooledInstance(int number, FunctionConnection connection) {
        this.number = number;
        this.connection = connection;
    }

    int number() {
        return number;
    }

    FunctionConnection connection() {
        return connection;
    }

    /** Unit: nanoseconds of the loop. */
    long idleSince() {
        return idleSince;
    }

    void idleSince(long nanos) {
        idleSince = nanos;
    }
}
