package io.openedge.engine.osgi;

import static io.openedge.engine.osgi.LiveFramework.offer;
import static io.openedge.engine.osgi.Specs.GRACE;
import static io.openedge.engine.osgi.Specs.instance;
import static io.openedge.engine.osgi.Specs.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

/** Functions of one instance, called by another in the same framework. */
public class FunctionsTest {
    @Rule
    public final LiveFramework felix = new LiveFramework();

    private final CompletableFuture<ModuleContext> caller = new CompletableFuture<>();
    private OsgiEngine engine;
    private Bundle bundle;

    @Before
    public void startACaller() throws Exception {
        engine = new OsgiEngine(felix.context());
        bundle = felix.bundle("functions", "1.0.0");
        offer(bundle, "openedge-function-manager", context -> {
            caller.complete(context);
            return () -> {};
        });
        within(open("manager", "openedge-function-manager")
                .start(instance("manager", "manager"))
                .running());
    }

    @After
    public void stopEngine() {
        engine.close();
    }

    @Test
    public void anInstanceOnDemandIsToldItsAddressAndAnswersThere() throws Exception {
        CompletableFuture<Map<String, String>> seen = new CompletableFuture<>();
        runtime(
                context -> seen.complete(context.environment()),
                message -> CompletableFuture.completedFuture(message.withPayload(bytes("hi"))));

        Instance python = start("sayhi.1", Map.of());

        assertThat(python.address()).contains("osgi:sayhi.1");
        within(python.running());
        assertThat(within(seen))
                .containsEntry("OPENEDGE_SERVICE_INSTANCE_ADDRESS", "osgi:sayhi.1")
                .containsEntry("OPENEDGE_SERVICE_ADDRESS", "osgi:sayhi.1");
        try (FunctionConnection functions = within(caller).function("osgi:sayhi.1")) {
            assertThat(within(functions.call(message())).payload()).asString().isEqualTo("hi");
        }
    }

    @Test
    public void anAddressThatTheCallerChoseIsKept() throws Exception {
        transport(new RecordingTransport());
        runtime(context -> true, message -> new CompletableFuture<>());

        Instance python = start("sayhi.1", Map.of(InstanceSpec.ADDRESS, "127.0.0.1:50051"));

        within(python.running());
        assertThat(python.address()).contains("127.0.0.1:50051");
    }

    @Test
    public void anInstanceOfTheApplicationHasAnAddressWhenItServesFunctions() throws Exception {
        runtime(context -> true, message -> new CompletableFuture<>());
        Instance python = open("python", "openedge-function-python36").start(instance("python", "python"));

        within(python.running());
        assertThat(python.address()).contains("osgi:python");
    }

    @Test
    public void theProcessesOfARuntimeAreKnownWhileItWorks() throws Exception {
        ProcessHandle worker = ProcessHandle.current();
        offer(bundle, "openedge-function-python36", context -> new ModuleInstance() {
            @Override
            public List<ProcessHandle> processes() {
                return List.of(worker);
            }

            @Override
            public void close() {}
        });
        Instance python = start("sayhi.1", Map.of());
        within(python.running());

        assertThat(python.processes()).containsExactly(worker);

        python.stop(GRACE);
        assertThat(python.processes()).isEmpty();
    }

    @Test
    public void callsEndAsUnavailableWhenTheInstanceGoesAndWorkAgainWhenItIsBack() throws Exception {
        CompletableFuture<FunctionMessage> never = new CompletableFuture<>();
        runtime(context -> true, message -> message.qos() == 0 ? never : CompletableFuture.completedFuture(message));
        Instance python = start("sayhi.1", Map.of());
        within(python.running());
        try (FunctionConnection functions = within(caller).function("osgi:sayhi.1")) {
            CompletionStage<FunctionMessage> inFlight = functions.call(message());

            python.stop(GRACE);

            assertUnavailable(inFlight, "the instance 'sayhi.1' has ended");
            assertFailed(functions.call(message()), Kind.NOT_DELIVERED, "no instance 'sayhi.1' with functions");
            within(python.restart().running());
            FunctionMessage answered = new FunctionMessage(2, 1, "t", bytes("{}"), 0, "sayhi", "uuid");
            assertThat(within(functions.call(answered))).isEqualTo(answered);
        }
    }

    @Test
    public void whatAFunctionThrowsIsTheFunctionsFault() throws Exception {
        runtime(context -> true, message -> switch (message.qos()) {
            case 0 -> throw new IllegalStateException("at once");
            case 1 ->
                CompletableFuture.supplyAsync(() -> {
                    throw new IllegalStateException("later");
                });
            default -> throw new NoClassDefFoundError("gone");
        });
        within(start("sayhi.1", Map.of()).running());

        try (FunctionConnection functions = within(caller).function("osgi:sayhi.1")) {
            assertFailed(functions.call(message()), Kind.USER_CODE, "java.lang.IllegalStateException: at once");
            assertFailed(
                    functions.call(new FunctionMessage(2, 1, "t", bytes("{}"), 0, "sayhi", "uuid")),
                    Kind.USER_CODE,
                    "java.lang.IllegalStateException: later");
            assertThatThrownBy(() ->
                            within(functions.call(new FunctionMessage(3, 2, "t", bytes("{}"), 0, "sayhi", "uuid"))))
                    .as("its bundle is going, or its memory")
                    .hasRootCauseInstanceOf(NoClassDefFoundError.class);
        }
    }

    @Test
    public void closingAConnectionEndsItsCalls() throws Exception {
        runtime(context -> true, message -> new CompletableFuture<>());
        within(start("sayhi.1", Map.of()).running());
        FunctionConnection functions = within(caller).function("osgi:sayhi.1");
        CompletionStage<FunctionMessage> inFlight = functions.call(message());

        functions.close();

        assertUnavailable(inFlight, "is closed");
        assertUnavailable(functions.call(message()), "is closed");
    }

    @Test
    public void aModuleThatCannotSayItsFunctionsIsClosedAndFails() throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        offer(bundle, "openedge-odd", context -> new ModuleInstance() {
            @Override
            public Optional<FunctionEndpoint> endpoint() {
                throw new IllegalStateException("no functions today");
            }

            @Override
            public void close() {
                closed.complete(true);
            }
        });

        Instance odd = open("odd", "openedge-odd").start(instance("odd", "odd"));

        assertThat(within(odd.exited())).isEqualTo(new Exit.Failed("no functions today"));
        assertThat(within(closed)).isTrue();
    }

    @Test
    public void anEndpointThatThrowsIsAFailedCall() throws Exception {
        runtime(context -> true, message -> {
            throw new IllegalStateException("a fault of the module");
        });
        within(start("sayhi.1", Map.of()).running());
        try (FunctionConnection functions = within(caller).function("osgi:sayhi.1")) {
            assertThatThrownBy(() -> within(functions.call(message())))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("a fault of the module");
        }
    }

    @Test
    public void anAddressWithoutInstanceOrTransportIsRefused() throws Exception {
        ModuleContext context = within(caller);

        assertThatThrownBy(() -> context.function("osgi:nobody"))
                .isInstanceOfSatisfying(
                        FunctionException.class,
                        e -> assertThat(e.kind()).isEqualTo(FunctionException.Kind.UNAVAILABLE));
        assertThatThrownBy(() -> context.function("127.0.0.1:50051"))
                .isInstanceOf(FunctionException.class)
                .hasMessageContaining("no transport");
    }

    @Test
    public void otherAddressesGoThroughTheTransportThatABundleOffers() throws Exception {
        RecordingTransport transport = new RecordingTransport();
        transport(transport);

        assertThatThrownBy(() -> within(caller).function("127.0.0.1:50051")).hasMessage("nobody there");
        assertThat(transport.asked).containsExactly("connect 127.0.0.1:50051");
    }

    @Test
    public void anInstanceIsServedAtItsAddressUntilItStops() throws Exception {
        RecordingTransport transport = new RecordingTransport();
        transport(transport);
        runtime(context -> true, message -> new CompletableFuture<>());

        Instance python = start("sayhi.1", Map.of(InstanceSpec.ADDRESS, "127.0.0.1:50051"));
        within(python.running());
        assertThat(transport.asked).containsExactly("serve 127.0.0.1:50051");
        python.stop(GRACE);

        assertThat(transport.asked)
                .containsExactly("serve 127.0.0.1:50051", "drain 127.0.0.1:50051", "close 127.0.0.1:50051");
    }

    @Test
    public void whatIsServedGoesOverToTheNextTransport() throws Exception {
        RecordingTransport first = new RecordingTransport();
        ServiceRegistration<?> offered = transport(first);
        runtime(context -> true, message -> new CompletableFuture<>());
        within(start("sayhi.1", Map.of(InstanceSpec.ADDRESS, "127.0.0.1:50051")).running());

        offered.unregister();
        assertThat(first.asked).containsExactly("serve 127.0.0.1:50051", "close 127.0.0.1:50051");
        RecordingTransport second = new RecordingTransport();
        transport(second);

        assertThat(second.asked).containsExactly("serve 127.0.0.1:50051");
    }

    @Test
    public void anAddressOfTheNetworkNeedsATransport() throws Exception {
        runtime(context -> true, message -> new CompletableFuture<>());

        Instance python = start("sayhi.1", Map.of(InstanceSpec.ADDRESS, "127.0.0.1:50051"));

        assertThat(within(python.exited()))
                .isInstanceOfSatisfying(
                        Exit.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("no transport", "127.0.0.1:50051", "function-grpc"));
    }

    private ServiceRegistration<?> transport(FunctionTransport transport) {
        return bundle.getBundleContext().registerService(FunctionTransport.class, transport, null);
    }

    /** Reaches nobody, and writes down what it is asked. */
    private static final class RecordingTransport implements FunctionTransport {
        private final List<String> asked = new CopyOnWriteArrayList<>();

        @Override
        public FunctionConnection connect(FunctionClientConfig config) throws FunctionException {
            asked.add("connect " + config.address());
            throw new FunctionException(FunctionException.Kind.UNAVAILABLE, "nobody there");
        }

        @Override
        public Server serve(FunctionServerConfig config, FunctionEndpoint endpoint) {
            asked.add("serve " + config.address());
            return new Server() {
                @Override
                public String address() {
                    return config.address();
                }

                @Override
                public void drain() {
                    asked.add("drain " + config.address());
                }

                @Override
                public void close() {
                    asked.add("close " + config.address());
                }
            };
        }
    }

    /** Offers a function runtime. */
    private void runtime(java.util.function.Predicate<ModuleContext> seen, FunctionEndpoint endpoint) {
        Module module = context -> {
            seen.test(context);
            return new ModuleInstance() {
                @Override
                public Optional<FunctionEndpoint> endpoint() {
                    return Optional.of(endpoint);
                }

                @Override
                public void close() {}
            };
        };
        offer(bundle, "openedge-function-python36", module);
    }

    private Instance start(String name, Map<String, String> environment) throws EngineException {
        return open("sayhi", "openedge-function-python36").start(instance("sayhi", name, true, GRACE, environment));
    }

    private ServiceHandle open(String name, String image) throws EngineException {
        return engine.open(service(name, image), new Volumes(felix.work(), Map.of()));
    }

    private static FunctionMessage message() {
        return new FunctionMessage(1, 0, "t", bytes("{}"), 0, "sayhi", "uuid");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertUnavailable(CompletionStage<FunctionMessage> call, String words) {
        assertFailed(call, Kind.UNAVAILABLE, words);
    }

    private static void assertFailed(CompletionStage<FunctionMessage> call, Kind kind, String words) {
        assertThatThrownBy(() -> within(call))
                .hasMessageContaining(words)
                .cause()
                .isInstanceOfSatisfying(
                        FunctionException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static <T> T within(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
