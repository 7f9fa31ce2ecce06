package io.openedge.module.runtime;

import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionMessage;
import java.util.concurrent.CompletionStage;

/** A connection to functions that its context closes when the module forgets it. */
final class OwnedFunctions extends Owned.Handle implements FunctionConnection {
    private final FunctionConnection connection;

    OwnedFunctions(Owned owned, FunctionConnection connection, String address) {
        super(owned, "connection to the functions at " + address);
        this.connection = connection;
    }

    @Override
    public CompletionStage<FunctionMessage> call(FunctionMessage message) {
        return connection.call(message);
    }

    @Override
    public CompletionStage<Void> ready() {
        return connection.ready();
    }

    @Override
    void release() {
        connection.close();
    }
}
