package io.openedge.function.manager;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.ConfigException;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Callers that name a function, and runtimes that run by themselves. */
public class CallerEntryTest {
    private static final String HUB = "hub: {address: 'tcp://localhub:1883', username: test}";
    private static final int PLACES = 1000;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeLoop loop = new FakeLoop();
    private FakeWorld world;
    private ManagerInstance manager;

    @Before
    public void makeTheWorld() {
        world = new FakeWorld(folder.getRoot().toPath());
    }

    private FunctionEndpoint entry(String functions) throws Exception {
        world.configured(HUB, "functions: " + functions);
        manager = ManagerInstance.start(world, loop, () -> Instant.ofEpochSecond(1560000000L));
        return manager.endpoint().orElseThrow();
    }

    private static FunctionMessage message(String function) {
        return new FunctionMessage(7, 1, "t", "{}".getBytes(UTF_8), 0, function, "");
    }

    private static CompletableFuture<FunctionMessage> call(FunctionEndpoint entry, String function) {
        return entry.call(message(function)).toCompletableFuture();
    }

    private static void assertFailed(CompletableFuture<FunctionMessage> call, Kind kind, String words) {
        assertThat(call).isCompletedExceptionally();
        assertThatThrownBy(call::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        FunctionException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    public void aCallGoesToTheFunctionThatItNamesAndWhatItLeavesOutIsAdded() throws Exception {
        FunctionEndpoint entry = entry("[{name: f, service: python}, {name: g, service: python}]");

        CompletableFuture<FunctionMessage> answer = call(entry, "g");
        world.functions.answer("hi");

        assertThat(answer.get().payload()).asString().isEqualTo("hi");
        assertThat(answer.get().id()).isEqualTo(7);
        assertThat(world.gateway.started).containsExactly("python.g.1");
        assertThat(world.functions.history).singleElement().satisfies(asked -> {
            assertThat(asked.timestamp()).isEqualTo(1560000000L);
            assertThat(asked.functionInvokeId()).hasSize(36);
        });
    }

    @Test
    public void aCallIsOneTryAndItsFailureIsTheCallers() throws Exception {
        FunctionEndpoint entry = entry("[{name: f, service: python}]");

        assertFailed(call(entry, "nobody"), Kind.NOT_FOUND, "Exception calling application: function not found");
        CompletableFuture<FunctionMessage> failing = call(entry, "f");
        world.functions.fail(Kind.USER_CODE, "Exception calling application: ('[UserCodeInvoke] ', x)");

        assertFailed(failing, Kind.USER_CODE, "[UserCodeInvoke]");
    }

    @Test
    public void moreCallsThanHaveAPlaceAreRefusedAndThoseThatEndGiveTheirsBack() throws Exception {
        FunctionEndpoint entry = entry("[{name: f, service: python}]");
        for (int i = 0; i < PLACES; i++) {
            call(entry, "f");
        }

        assertFailed(call(entry, "f"), Kind.UNAVAILABLE, "too many messages");
        world.functions.answer("a");
        assertThat(call(entry, "f")).isNotDone();
    }

    @Test
    public void aCallThatNobodyWaitsForAnyMoreIsNotComputed() throws Exception {
        FunctionEndpoint entry = entry("[{name: f, service: python}]");
        call(entry, "f");
        CompletableFuture<FunctionMessage> given = call(entry, "f");
        CompletableFuture<FunctionMessage> last = call(entry, "f");

        given.cancel(true);
        world.functions.answer("first");
        world.functions.answer("third");

        assertThat(last.get().payload()).asString().isEqualTo("third");
        assertThat(world.functions.history).hasSize(2);
    }

    @Test
    public void callsThatWaitFailWhenTheManagerStops() throws Exception {
        FunctionEndpoint entry = entry("[{name: f, service: python}]");
        CompletableFuture<FunctionMessage> running = call(entry, "f");
        CompletableFuture<FunctionMessage> waiting = call(entry, "f");
        world.functions.answer("done");
        assertThat(running.get().payload()).asString().isEqualTo("done");

        CompletableFuture<FunctionMessage> behind = call(entry, "f");
        world.functions.answer("done");
        assertThat(waiting).isDone();
        world.functions.answer("done");
        manager.close();

        assertThat(behind).isDone();
        assertThat(call(entry, "f")).as("the loop has ended").isNotDone();
    }

    @Test
    public void aRuntimeAtAnAddressIsCalledWithoutTheGateway() throws Exception {
        FunctionEndpoint entry =
                entry("[{name: f, address: 'sayhi:50051', instance: {max: 2}, ca: ca.pem, timeout: 5s}]");

        CompletableFuture<FunctionMessage> one = call(entry, "f");
        CompletableFuture<FunctionMessage> two = call(entry, "f");
        CompletableFuture<FunctionMessage> three = call(entry, "f");
        assertThat(world.functions.calls)
                .hasSize(2)
                .allMatch(call -> call.address().equals("sayhi:50051"));
        world.functions.answer("1");
        world.functions.answer("2");
        world.functions.answer("3");

        assertThat(one).isDone();
        assertThat(two).isDone();
        assertThat(three).isDone();
        assertThat(world.gateway.started).isEmpty();
        assertThat(world.logged).noneMatch(line -> line.contains("has no service"));
    }

    @Test
    public void aRuntimeThatDoesNotListenIsWaitedForAndThenSaid() throws Exception {
        world.functions.listening = new CompletableFuture<>();
        FunctionEndpoint entry = entry("[{name: f, address: 'sayhi:50051'}]");

        CompletableFuture<FunctionMessage> answered = call(entry, "f");
        loop.advance(Duration.ofSeconds(9));
        world.functions.listening.complete(null);
        world.functions.answer("hi");
        assertThat(answered.get().payload()).asString().isEqualTo("hi");

        world.functions.listening = new CompletableFuture<>();
        CompletableFuture<FunctionMessage> refused = call(entry, "f");
        world.functions.fail(Kind.UNAVAILABLE, "connection lost");
        assertFailed(refused, Kind.UNAVAILABLE, "connection lost");
        CompletableFuture<FunctionMessage> late = call(entry, "f");
        loop.advance(Duration.ofSeconds(11));
        assertFailed(late, Kind.UNAVAILABLE, "not started in 10 s: nothing answers at sayhi:50051");
    }

    @Test
    public void aFunctionHasAServiceOrAnAddress() {
        assertThatThrownBy(() -> entry("[{name: f, service: s, address: 'h:1'}]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("functions[0].address")
                .hasMessageContaining("either service or address");
        assertThatThrownBy(() -> entry("[{name: f}]")).hasMessageContaining("service");
        assertThatThrownBy(() -> entry("[{name: f, address: h}]")).hasMessageContaining("HOST:PORT");
        assertThatThrownBy(() -> entry("[{name: f, address: 'h:1', cert: c.pem}]"))
                .hasMessageContaining("functions[0].key");
    }
}
