import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport.Server;
import io.openedge.function.grpc.GrpcTransport;
import io.openedge.function.python.Python36Module;
import io.openedge.module.ModuleInstance;
import io.openedge.module.runtime.FunctionAccess;
import io.openedge.module.runtime.HostedContext;
import io.openedge.module.runtime.ModuleContexts;
import io.openedge.module.runtime.ModuleSetup;
import io.openedge.system.Gateway;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One call at a time, then 32 in flight: of a function in Java and of one in Python, direct and over gRPC. */
public final class FunctionBenchmark {
    private static final String PYTHON = "/usr/bin/python3";
    private static final int IN_FLIGHT = 32;

    private final int calls;

    private FunctionBenchmark(int calls) {
        this.calls = calls;
    }

    /** HOME CALLS */
    public static void main(String[] args) throws Exception {
        FunctionBenchmark benchmark = new FunctionBenchmark(Integer.parseInt(args[1]));
        Path work = Files.createTempDirectory("functions");
        Files.createDirectories(work.resolve("etc/openedge"));
        int port = freePort();
        Files.writeString(work.resolve("index.py"), "def handler(event, context):\n    return event\n");
        Files.writeString(
                work.resolve("etc/openedge/service.yml"),
                "python: " + PYTHON + "\nserver: {address: '127.0.0.1:" + port
                        + "'}\nfunctions: [{name: f, handler: index.handler}]\n");
        System.out.printf("%-44s %10s %10s %10s %14s%n", "payload 100 bytes", "median", "99 %", "most", "32 in flight");
        try (GrpcTransport transport = new GrpcTransport()) {
            benchmark.java(transport);
            benchmark.hostedPython(transport, work);
            benchmark.pythonItself(transport, work, Path.of(args[0]), port);
        }
        System.exit(0);
    }

    private void java(GrpcTransport transport) throws Exception {
        FunctionEndpoint echo = CompletableFuture::completedFuture;
        measure("Java, direct", echo);
        overGrpc("Java, over gRPC", transport, echo);
    }

    private void hostedPython(GrpcTransport transport, Path work) throws Exception {
        try (ModuleContexts contexts = new ModuleContexts();
                HostedContext context = contexts.open(setup(work));
                ModuleInstance python = new Python36Module().start(context)) {
            measure("Python worker, direct", python.endpoint().orElseThrow());
            overGrpc("Python worker, its host over gRPC", transport, python.endpoint().orElseThrow());
        }
    }

    private void pythonItself(GrpcTransport transport, Path work, Path home, int port) throws Exception {
        Process server = new ProcessBuilder(
                        PYTHON, home.resolve("lib/python/openedge_function/server.py").toString())
                .directory(work.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (FunctionConnection functions = transport.connect(client("127.0.0.1:" + port))) {
            functions.ready().toCompletableFuture().get(30, TimeUnit.SECONDS);
            measure("Python itself, over gRPC", functions);
        } finally {
            server.destroy();
        }
    }

    private void overGrpc(String name, GrpcTransport transport, FunctionEndpoint endpoint) throws Exception {
        try (Server server = transport.serve(FunctionServerConfig.DEFAULT.at("127.0.0.1:0"), endpoint);
                FunctionConnection functions = transport.connect(client(server.address()))) {
            measure(name, functions);
        }
    }

    private void measure(String name, FunctionEndpoint functions) throws Exception {
        FunctionMessage message = new FunctionMessage(1, 1, "t", ("\"" + "x".repeat(98) + "\"").getBytes(), 1, "f", "id");
        long[] took = new long[calls];
        for (int i = -calls / 2; i < calls; i++) {
            long begin = System.nanoTime();
            functions.call(message).toCompletableFuture().get();
            if (i >= 0) {
                took[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(took);
        Semaphore room = new Semaphore(IN_FLIGHT);
        long begin = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            room.acquire();
            functions.call(message).whenComplete((answer, error) -> room.release());
        }
        room.acquire(IN_FLIGHT);
        System.out.printf(
                "%-44s %7.1f µs %7.1f µs %7.1f ms %10.0f /s%n",
                name,
                took[calls / 2] / 1e3,
                took[calls * 99 / 100] / 1e3,
                took[calls - 1] / 1e6,
                calls * 1e9 / (System.nanoTime() - begin));
    }

    private static FunctionClientConfig client(String address) {
        return new FunctionClientConfig(address, "", "", "", "", 4 << 20, Duration.ofSeconds(30));
    }

    private static ModuleSetup setup(Path work) {
        return new ModuleSetup(
                "python",
                "python",
                List.of(),
                Map.of(),
                work,
                (host, port) -> Optional.empty(),
                nothing(Gateway.class),
                nothing(FunctionAccess.class),
                failure -> System.err.println(failure));
    }

    private static <T> T nothing(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            throw new UnsupportedOperationException(method.getName());
        }));
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
