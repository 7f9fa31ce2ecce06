package io.openedge.function.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.ByteSize;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Messages, configurations and what is expected of calls, for the tests. */
final class Calls {
    static final int LONGEST = 100_000;

    private Calls() {}

    static FunctionMessage message(String name, String payload) {
        return new FunctionMessage(
                1L << 40, 1, "t/é", payload.getBytes(StandardCharsets.UTF_8), 1560000000L, name, "uuid");
    }

    static FunctionServerConfig server(int concurrent) {
        return server("127.0.0.1:0", concurrent);
    }

    static FunctionServerConfig server(String address, int concurrent) {
        return new FunctionServerConfig(
                address,
                null,
                new FunctionServerConfig.Limit(concurrent),
                new FunctionServerConfig.Message(new FunctionServerConfig.Length(new ByteSize(LONGEST))),
                null,
                null,
                null);
    }

    static FunctionClientConfig client(String address, Duration timeout) {
        return new FunctionClientConfig(address, "", "", "", "", 10 * LONGEST, timeout);
    }

    static FunctionMessage get(CompletionStage<FunctionMessage> call) throws Exception {
        return call.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    static String text(CompletionStage<FunctionMessage> call) throws Exception {
        return new String(get(call).payload(), StandardCharsets.UTF_8);
    }

    static void assertFails(CompletionStage<?> call, Kind kind, String words) {
        assertThatThrownBy(() -> call.toCompletableFuture().get(20, TimeUnit.SECONDS))
                .cause()
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        FunctionException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
