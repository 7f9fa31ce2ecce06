package io.openedge.module.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import io.openedge.system.GatewayException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** The run of a module in a real framework: how it starts, what it is given, how it ends. */
public class ModuleRunTest {
    private static final String IMAGE = "test-module";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final CompletableFuture<ModuleContext> started = new CompletableFuture<>();
    private final CompletableFuture<String> failed = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Framework framework;

    @Before
    public void begin() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.newFolder("cache").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        "io.openedge.module;version=1.0.0,io.openedge.function;version=1.0.0"));
        framework.start();
    }

    @After
    public void end() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    public void theModuleIsGivenWhatTheProcessHas() throws Exception {
        offer(this::works);
        ModuleRun run = run(Map.of(
                "OPENEDGE_SERVICE_NAME", "hub",
                "OPENEDGE_SERVICE_INSTANCE_NAME", "hub.i1",
                "OPENEDGE_SERVICES", "hub timer"));

        ModuleContext context = started.get(10, TimeUnit.SECONDS);

        assertThat(context.service()).isEqualTo("hub");
        assertThat(context.instance()).isEqualTo("hub.i1");
        assertThat(context.args()).containsExactly("-c", "other.yml");
        assertThat(context.directory()).isEqualTo(directory());
        assertThat(context.locator().locate("timer", 1)).isPresent();
        assertThat(context.logger().getName()).isEqualTo("service.hub.hub.i1");
        run.stop();
        assertThat(closed.getCount()).isZero();
        assertThat(failed).isNotDone();
    }

    @Test
    public void aModuleThatComesLaterIsWaitedFor() throws Exception {
        ModuleRun run = run(Map.of());
        offer(this::works);

        assertThat(started.get(10, TimeUnit.SECONDS).instance()).isEqualTo(IMAGE);
        run.stop();
    }

    @Test
    public void whenTheModuleWorksAFileSaysSo() throws Exception {
        Path ready = directory().resolve(".ready");
        CountDownLatch begin = new CountDownLatch(1);
        CountDownLatch starting = new CountDownLatch(1);
        offer(context -> {
            starting.countDown();
            begin.await();
            return works(context);
        });
        ModuleRun run = run(Map.of("OPENEDGE_READY_FILE", ready.toString()));
        assertThat(starting.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ready).doesNotExist();

        begin.countDown();

        await().untilAsserted(() -> assertThat(ready).exists());
        assertThat(started.join().environment()).doesNotContainKey("OPENEDGE_READY_FILE");
        run.stop();
    }

    @Test
    public void aModuleThatDoesNotStartSaysWhy() throws Exception {
        offer(context -> {
            throw new IOException("port 1883 is taken");
        });
        run(Map.of());

        assertThat(failed.get(10, TimeUnit.SECONDS)).isEqualTo("port 1883 is taken");
    }

    @Test
    public void aModuleThatCannotGoOnIsClosedAndSaysWhy() throws Exception {
        offer(this::works);
        run(Map.of());

        started.get(10, TimeUnit.SECONDS).fail(new IOException("the disk has gone"));

        assertThat(failed.get(10, TimeUnit.SECONDS)).isEqualTo("the disk has gone");
        assertThat(closed.getCount()).isZero();
    }

    @Test
    public void aStopInterruptsTheStartAndIsNoFailure() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        offer(context -> {
            starting.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
            return () -> {};
        });
        ModuleRun run = run(Map.of());
        assertThat(starting.await(10, TimeUnit.SECONDS)).isTrue();

        run.stop();

        assertThat(interrupted).isTrue();
        assertThat(failed).isNotDone();
    }

    @Test
    public void whatCannotBeAnAddressOfTheGatewayIsNamed() throws Exception {
        offer(this::works);
        run(Map.of("OPENEDGE_MASTER_API", "smtp://x", "OPENEDGE_SERVICE_TOKEN", "t0ken"));

        assertThat(failed.get(10, TimeUnit.SECONDS)).startsWith("OPENEDGE_MASTER_API: smtp://x is no address");
    }

    @Test
    public void anInstanceWithoutATokenMayAskNothing() throws Exception {
        offer(this::works);
        ModuleRun run = run(Map.of("OPENEDGE_MASTER_API", "unix:///none.sock"));
        ModuleContext context = started.get(10, TimeUnit.SECONDS);

        context.gateway().report("hub", "hub", Map.of());
        assertThat(catchRefusal(() -> context.gateway().availablePort())).contains("started through the API");
        run.stop();
    }

    @Test
    public void functionsAreServedAtTheAddressThatItIsGiven() throws Exception {
        CompletableFuture<String> served = new CompletableFuture<>();
        CountDownLatch ended = new CountDownLatch(1);
        framework.getBundleContext().registerService(FunctionTransport.class, transport(served, ended), null);
        offer(context -> runtime());
        ModuleRun run = run(Map.of("OPENEDGE_SERVICE_ADDRESS", "127.0.0.1:5000"));

        assertThat(served.get(10, TimeUnit.SECONDS)).isEqualTo("127.0.0.1:5000");
        run.stop();
        assertThat(ended.getCount()).isZero();
    }

    @Test
    public void functionsThatNothingCanServeAreAFailure() throws Exception {
        offer(context -> runtime());
        run(Map.of("OPENEDGE_SERVICE_INSTANCE_ADDRESS", "127.0.0.1:5000"));

        assertThat(failed.get(10, TimeUnit.SECONDS)).contains("127.0.0.1:5000").contains("function-grpc");
        await().untilAsserted(() -> assertThat(closed.getCount()).isZero());
    }

    private ModuleInstance works(ModuleContext context) {
        started.complete(context);
        return closed::countDown;
    }

    private ModuleInstance runtime() {
        return new ModuleInstance() {
            @Override
            public Optional<FunctionEndpoint> endpoint() {
                return Optional.of(CompletableFuture::completedFuture);
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
    }

    private static FunctionTransport transport(CompletableFuture<String> served, CountDownLatch ended) {
        return new FunctionTransport() {
            @Override
            public FunctionConnection connect(FunctionClientConfig config) throws FunctionException {
                throw new FunctionException(FunctionException.Kind.UNAVAILABLE, "not here");
            }

            @Override
            public Server serve(FunctionServerConfig config, FunctionEndpoint endpoint) {
                served.complete(config.address());
                return new Server() {
                    @Override
                    public String address() {
                        return config.address();
                    }

                    @Override
                    public void drain() {}

                    @Override
                    public void close() {
                        ended.countDown();
                    }
                };
            }
        };
    }

    private void offer(Module module) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of(Module.IMAGE, IMAGE));
        framework.getBundleContext().registerService(Module.class, module, properties);
    }

    private ModuleRun run(Map<String, String> environment) {
        BundleContext bundles = framework.getBundleContext();
        return new ModuleRun(
                        bundles,
                        IMAGE,
                        List.of("-c", "other.yml"),
                        Surroundings.of(environment, IMAGE),
                        directory(),
                        failed::complete)
                .begin();
    }

    private Path directory() {
        return folder.getRoot().toPath().toAbsolutePath();
    }

    private static String catchRefusal(Runnable call) {
        try {
            call.run();
            return "";
        } catch (GatewayException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
