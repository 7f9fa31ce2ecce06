package io.openedge.module.runtime;

import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionMessage;
import java.util.concurrent.CompletionStage;

/** A connection to functions that its context closes when the module forgets it. */
final class OwnedFunctions extends Owned.Handle implements FunctionConnection {
    private final Owned owned;
    private final FunctionConnection connection;
    private final String address;

    OwnedFunctions(Owned owned, FunctionConnection connection, String address) {
        this.owned = owned;
        this.connection = connection;
        this.address = address;
    }

    @Override
    public CompletionStage<FunctionMessage> call(FunctionMessage message) {
        return connection.call(message);
    }

    @Override
    public void close() {
        owned.remove(this);
        release();
    }

    @Override
    String what() {
        return "connection to the functions at " + address;
    }

    @Override
    void release() {
        connection.close();
    }
}
