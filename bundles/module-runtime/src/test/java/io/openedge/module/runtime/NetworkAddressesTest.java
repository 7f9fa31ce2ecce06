package io.openedge.module.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.engine.InstanceSpec;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import io.openedge.module.ModuleInstance;
import io.openedge.module.ServiceLocator;
import io.openedge.system.Gateway;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.After;
import org.junit.Test;

/** Where the functions of others are called, and where an instance's own are served. */
public class NetworkAddressesTest {
    private static final Path DIRECTORY = Path.of("/work/service");

    private final ModuleContexts contexts = new ModuleContexts();
    private final List<FunctionClientConfig> called = new ArrayList<>();
    private final List<FunctionServerConfig> servers = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    @After
    public void close() {
        contexts.close();
    }

    @Test
    public void functionsOfAServiceAreFoundWhereTheServiceIs() throws Exception {
        HostedContext context = open("");
        context.function(new FunctionClientConfig("sayhi:50051", "", "ca.pem", "", "", 100, Duration.ZERO));
        context.function("elsewhere:50051");
        context.function("osgi:sayhi");

        assertThat(called.get(0))
                .isEqualTo(new FunctionClientConfig(
                        "127.0.0.1:50051", "sayhi", "/work/service/ca.pem", "", "", 100, Duration.ZERO));
        assertThat(called.get(1).address()).isEqualTo("elsewhere:50051");
        assertThat(called.get(2).address()).isEqualTo("osgi:sayhi");
        assertThatThrownBy(() -> context.function("nowhere"))
                .isInstanceOf(FunctionException.class)
                .hasMessageContaining("HOST:PORT");
    }

    @Test
    public void functionsAreServedWhereTheConfigurationSays() throws Exception {
        HostedContext context = open("");

        assertThat(context.serve(runtime("127.0.0.1:50051"))).contains("127.0.0.1:50051");
        assertThat(servers.get(0).cert()).isEqualTo("/work/service/etc/server.pem");

        context.stopping();
        assertThat(events).containsExactly("drain");
        context.close();
        assertThat(events).containsExactly("drain", "close");
    }

    @Test
    public void anAddressThatTheInstanceIsGivenWins() throws Exception {
        assertThat(open("0.0.0.0:50051").serve(runtime("127.0.0.1:1"))).contains("0.0.0.0:50051");
        assertThat(open("osgi:b").serve(runtime("127.0.0.1:1"))).isEmpty();
        assertThat(open("").serve(runtime(""))).isEmpty();
        assertThatThrownBy(() -> open("here").serve(runtime("")))
                .isInstanceOf(FunctionException.class)
                .hasMessageContaining(InstanceSpec.ADDRESS)
                .hasMessageContaining("HOST:PORT");
    }

    @Test
    public void aModuleWithoutFunctionsIsServedNowhere() throws Exception {
        assertThat(open("127.0.0.1:1").serve(() -> {})).isEmpty();
        assertThat(servers).isEmpty();
    }

    private static ModuleInstance runtime(String address) {
        return new ModuleInstance() {
            @Override
            public Optional<FunctionEndpoint> endpoint() {
                return Optional.of(CompletableFuture::completedFuture);
            }

            @Override
            public FunctionServerConfig server() {
                return new FunctionServerConfig(address, null, null, null, "", "etc/server.pem", "etc/server.key");
            }

            @Override
            public void close() {}
        };
    }

    private HostedContext open(String address) {
        return contexts.open(new ModuleSetup(
                "sayhi",
                "sayhi",
                List.of(),
                address.isEmpty() ? Map.of() : Map.of(InstanceSpec.ADDRESS, address),
                DIRECTORY,
                (host, port) -> host.equals("sayhi")
                        ? Optional.of(new ServiceLocator.Location("127.0.0.1", port))
                        : Optional.empty(),
                (Gateway) Proxy.newProxyInstance(
                        Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, args) -> {
                            throw new UnsupportedOperationException(method.getName());
                        }),
                new Recording(),
                failure -> {}));
    }

    /** What the host would reach over the network. */
    private final class Recording implements FunctionAccess {
        @Override
        public FunctionConnection connect(FunctionClientConfig config) {
            called.add(config);
            return new FunctionConnection() {
                @Override
                public CompletionStage<FunctionMessage> call(FunctionMessage message) {
                    return new CompletableFuture<>();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public FunctionTransport.Server serve(FunctionServerConfig config, FunctionEndpoint endpoint) {
            servers.add(config);
            return new FunctionTransport.Server() {
                @Override
                public String address() {
                    return config.address();
                }

                @Override
                public void drain() {
                    events.add("drain");
                }

                @Override
                public void close() {
                    events.add("close");
                }
            };
        }
    }
}
