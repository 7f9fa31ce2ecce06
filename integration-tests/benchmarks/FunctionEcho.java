package echo;

import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionMessage;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The image echo: a function in Java that returns what it gets. */
public final class FunctionEcho implements Module {
    @Override
    public ModuleInstance start(ModuleContext context) {
        return new Echo();
    }

    private static final class Echo implements ModuleInstance, FunctionEndpoint {
        @Override
        public Optional<FunctionEndpoint> endpoint() {
            return Optional.of(this);
        }

        @Override
        public CompletionStage<FunctionMessage> call(FunctionMessage message) {
            return CompletableFuture.completedFuture(message);
        }

        @Override
        public void close() {}
    }
}
