package io.openedge.cli.fn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig;
import io.openedge.module.Module;
import io.openedge.module.ModuleInstance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** A runtime that starts again. */
public class LocalRuntimeTest {
    private int starts;
    private int closes;

    private LocalRuntime runtime(int deadOnes) {
        Module module = context -> {
            FunctionEndpoint endpoint = ++starts > deadOnes
                    ? CompletableFuture::completedFuture
                    : message -> CompletableFuture.failedFuture(
                            new FunctionException(Kind.NOT_DELIVERED, "it has ended " + starts));
            return new ModuleInstance() {
                @Override
                public Optional<FunctionEndpoint> endpoint() {
                    return Optional.of(endpoint);
                }

                @Override
                public void close() {
                    closes++;
                }
            };
        };
        LocalContext context = new LocalContext(
                "f", Path.of("/"), Map.of(), new FunctionServerConfig.Limit(1), LocalContext.logTo(line -> {}));
        return new LocalRuntime(module, context, Duration.ofSeconds(30));
    }

    private static FunctionMessage message() {
        return new FunctionMessage(0, 1, "t", new byte[] {1}, 1L, "f", "id");
    }

    @Test
    public void oneThatAnEarlierMessageHasEndedIsStartedAgain() throws Exception {
        assertThat(runtime(1).call(message()).payload()).containsExactly(1);
        assertThat(starts).isEqualTo(2);
        assertThat(closes).isEqualTo(1);
    }

    @Test
    public void oneThatEndsEachTimeIsStartedAgainOnce() {
        LocalRuntime runtime = runtime(Integer.MAX_VALUE);

        assertThatThrownBy(() -> runtime.call(message()))
                .isInstanceOf(FunctionException.class)
                .hasMessage("it has ended 2");
        assertThat(starts).isEqualTo(2);
    }
}
