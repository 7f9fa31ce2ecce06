package io.openedge.function.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.app.ByteSize;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.grpc.GrpcTransport;
import io.openedge.function.python.PythonConfig.FunctionConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The runtime as a process of its own, called over gRPC. */
public class PythonServerTest {
    private static final String CODE = "import os, sys, threading\n"
            + "def echo(event, context):\n    return event\n"
            + "def kind(event, context):\n    return type(event).__name__\n"
            + "def context(event, context):\n    return context\n"
            + "def raw(event, context):\n    return bytes(bytearray(range(256)))\n"
            + "def nothing(event, context):\n    return None\n"
            + "def unserialisable(event, context):\n    return {1j: 2}\n"
            + "def fails(event, context):\n    raise ValueError(u'n\\xe9 100%')\n"
            + "def leaves(event, context):\n    sys.exit(3)\n"
            + "def long_result(event, context):\n    return b'x' * 100001\n"
            + "def environ(event, context):\n"
            + "    return {key: os.environ.get(key) for key in ('OPENEDGE_SERVICE_TOKEN', 'GREETING')}\n"
            + "def prints(event, context):\n    print('from the function')\n"
            + "gone = threading.Event()\n"
            + "def waits(event, context):\n    gone.wait(3600)\n";
    private static final List<String> FUNCTIONS = List.of(
            "echo",
            "kind",
            "context",
            "raw",
            "nothing",
            "unserialisable",
            "fails",
            "leaves",
            "long_result",
            "environ",
            "prints",
            "waits");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final GrpcTransport transport = new GrpcTransport();
    private Path root;
    private String address;

    @Before
    public void writeTheFunctions() throws Exception {
        PythonServer.assumeItsLibrary();
        root = folder.getRoot().toPath();
        Files.writeString(Files.createDirectories(root.resolve("code")).resolve("functions.py"), CODE);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        configure("server: {address: '" + address + "', message: {length: {max: 100000}}}");
    }

    @After
    public void stop() throws Exception {
        transport.close();
    }

    private void configure(String... lines) throws IOException {
        StringBuilder text = new StringBuilder(String.join("\n", lines) + "\nfunctions:\n");
        for (String name : FUNCTIONS) {
            text.append("- {name: ")
                    .append(name)
                    .append(", handler: functions.")
                    .append(name);
            text.append(", codedir: code}\n");
        }
        Files.writeString(Files.createDirectories(root.resolve("etc/openedge")).resolve("service.yml"), text);
    }

    private static FunctionMessage message(String name, String payload) {
        return new FunctionMessage(7, 1, "t/ü", payload.getBytes(UTF_8), 1560000000L, name, "uuid");
    }

    private static FunctionMessage get(CompletionStage<FunctionMessage> call) throws Exception {
        return call.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** What a caller gets: a payload, or kind and words. */
    private static String outcome(FunctionEndpoint functions, String name, String payload) throws Exception {
        try {
            FunctionMessage answer = get(functions.call(message(name, payload)));
            assertThat(answer.withPayload(new byte[0]))
                    .usingRecursiveComparison()
                    .isEqualTo(message(name, "").withPayload(new byte[0]));
            return new String(answer.payload(), ISO_8859_1);
        } catch (ExecutionException e) {
            return ((FunctionException) e.getCause()).kind() + " "
                    + e.getCause().getMessage();
        }
    }

    @Test
    public void itAnswersLikeTheWorkerOfAHost() throws Exception {
        List<FunctionConfig> functions = new ArrayList<>();
        FUNCTIONS.forEach(name -> functions.add(new FunctionConfig(name, "functions." + name, "code")));
        FakeContext context = new FakeContext(
                root,
                new PythonConfig(
                        new FunctionServerConfig(
                                "",
                                null,
                                null,
                                new FunctionServerConfig.Message(
                                        new FunctionServerConfig.Length(new ByteSize(100_000))),
                                null,
                                null,
                                null),
                        functions,
                        "/usr/bin/python3",
                        null));
        context.environment.put("GREETING", "0777");
        context.environment.put("OPENEDGE_SERVICE_TOKEN", "secret");
        Map<String, String> environment = Map.of("GREETING", "0777", "OPENEDGE_SERVICE_TOKEN", "secret");
        try (PythonInstance hosted = PythonInstance.start(context, PythonVersion.PYTHON_36);
                PythonServer alone = new PythonServer(root, environment)) {
            FunctionEndpoint worker = hosted.endpoint().orElseThrow();
            FunctionConnection server = PythonServer.connect(transport, address);
            List<String> names = new ArrayList<>(FUNCTIONS);
            names.remove("waits");
            names.add("nobody");
            for (String name : names) {
                for (String payload : List.of("", "{\"a\": [1, \"ü\"]}", "no json é", "17", "x".repeat(100_000))) {
                    assertThat(outcome(server, name, payload))
                            .as(name + " of " + payload.length() + " characters")
                            .isEqualTo(outcome(worker, name, payload));
                }
            }
            assertThat(outcome(server, "echo", "x".repeat(100_001)))
                    .isEqualTo("TOO_LARGE message of 100001 bytes is larger than 100000");
            assertThat(alone.said())
                    .contains("serves", "from the function", "ValueError", "functions.py")
                    .doesNotContain("server.py");
        }
    }

    @Test
    public void oneCallIsComputedAtATimeUnlessThereAreMoreWorkers() throws Exception {
        try (PythonServer server = new PythonServer(root, Map.of())) {
            FunctionConnection functions = PythonServer.connect(transport, address);
            functions.call(message("waits", ""));
            CompletionStage<FunctionMessage> behind = functions.call(message("echo", "1"));
            FunctionConnection other =
                    transport.connect(new FunctionClientConfig(address, "", "", "", "", 1000, Duration.ofMillis(500)));
            assertThat(outcome(other, "echo", "1")).startsWith("TIMEOUT");
            assertThat(behind.toCompletableFuture()).isNotDone();
        }
        configure("server: {address: '" + address + "', workers: {max: 2}}");
        try (PythonServer server = new PythonServer(root, Map.of())) {
            FunctionConnection functions = PythonServer.connect(transport, address);
            functions.call(message("waits", ""));
            assertThat(outcome(functions, "echo", "1")).isEqualTo("1");
        }
    }

    @Test
    public void theAddressOfTheInstanceWinsAndTheSignalEndsItAlsoWhileUserCodeRuns() throws Exception {
        configure("server: {address: '127.0.0.1:1'}", "logger: {path: var/log/openedge/service.log}");
        Path ready = root.resolve(".ready");
        Map<String, String> environment =
                Map.of("OPENEDGE_SERVICE_INSTANCE_ADDRESS", address, "OPENEDGE_READY_FILE", ready.toString());
        try (PythonServer server = new PythonServer(root, environment)) {
            FunctionConnection functions = PythonServer.connect(transport, address);
            assertThat(outcome(functions, "prints", "")).isEmpty();
            assertThat(ready).exists();
            functions.call(message("waits", ""));

            server.terminate();

            assertThat(server.awaitEnd()).isZero();
            assertThat(root.resolve("var/log/openedge/service.log"))
                    .content()
                    .contains("serves", "INFO from the function", "stopping");
        }
    }

    @Test
    public void whatIsWrongIsSaidInTheLastLine() throws Exception {
        assertRefused(
                "functions: [{name: f, handler: handler}]", "functions[0].handler: 'handler' is not allowed here");
        assertRefused(
                "server: {workers: {max: many}}\nfunctions: [{name: f, handler: a.b}]", "server.workers.max: 'many'");
        assertRefused("functions: [{name: f, handler: a.b}]", "server.address is missing");
        assertRefused("server: {address: nowhere}\nfunctions: [{name: f, handler: a.b}]", "allowed: HOST:PORT");
        assertRefused("functions: [", "is no YAML");
        assertRefused("functions: [{name: f, handler: a.b, cpu: {limit: soon}}]", "functions[0].cpu.limit: 'soon'");
        assertRefused("functions: [{name: f, handler: a.b, memory: {limit: x}}]", "functions[0].memory.limit: 'x'");
        assertRefused("functions: [{name: f, handler: a.b, reload: maybe}]", "functions[0].reload: 'maybe'");
        assertRefused(
                "server: {address: '127.0.0.1:0'}\nfunctions: [{name: f, handler: nowhere.b}]",
                "function 'f': handler 'nowhere.b'");
        assertRefused(
                "server: {address: '127.0.0.1:0', cert: c.pem, key: k.pem}\n"
                        + "functions: [{name: f, handler: functions.echo, codedir: code}]",
                "k.pem: cannot be read");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String where = "127.0.0.1:" + taken.getLocalPort();
            assertRefused(
                    "server: {address: '" + where + "'}\n"
                            + "functions: [{name: f, handler: functions.echo, codedir: code}]",
                    "cannot listen at " + where + ": Address already in use");
        }
    }

    @Test
    public void limitsHoldForAPythonThatIsAProcessToo() throws Exception {
        Files.writeString(
                root.resolve("code/limited.py"),
                "kept = []\n"
                        + "def hog(event, context):\n    while True:\n        kept.append(bytearray(1 << 20))\n"
                        + "def spin(event, context):\n    while True:\n        pass\n"
                        + "def small(event, context):\n    return event * 2\n");
        Files.writeString(
                root.resolve("etc/openedge/service.yml"),
                "server: {address: '" + address + "'}\nfunctions:\n"
                        + "- {name: hog, handler: limited.hog, codedir: code, memory: {limit: 500m}}\n"
                        + "- {name: spin, handler: limited.spin, codedir: code, cpu: {limit: 300ms}}\n"
                        + "- {name: small, handler: limited.small, codedir: code, message: {length: {max: 10}}}\n");
        try (PythonServer server = new PythonServer(root, Map.of())) {
            FunctionConnection functions = PythonServer.connect(transport, address);
            assertThat(outcome(functions, "small", "xxxxx")).isEqualTo("xxxxxxxxxx");
            assertThat(outcome(functions, "small", "xxxxxx")).contains("result of 12 bytes is larger than 10");
            assertThat(outcome(functions, "small", "xxxxxxxxxxx")).contains("message of 11 bytes is larger than 10");
            assertThat(outcome(functions, "hog", "1"))
                    .startsWith("USER_CODE")
                    .contains("function 'hog' needs more memory than its memory.limit of 524288000 bytes");
            assertThat(server.awaitEnd()).isEqualTo(1);
            assertThat(lastLine(server)).contains("function 'hog' needs more memory");
        }
        try (PythonServer server = new PythonServer(root, Map.of())) {
            FunctionConnection functions = PythonServer.connect(transport, address);
            assertThat(outcome(functions, "spin", "1")).startsWith("UNAVAILABLE");
            assertThat(server.awaitEnd()).isEqualTo(1);
            assertThat(lastLine(server))
                    .contains("function 'spin' needs more processor time than its cpu.limit of 300 ms");
        }
    }

    private static String lastLine(PythonServer server) throws IOException {
        return server.said().strip().lines().reduce((one, last) -> last).orElse("");
    }

    @Test
    public void changedCodeIsLoadedByAPythonThatIsAProcessToo() throws Exception {
        Files.writeString(root.resolve("code/fresh.py"), "def handler(event, context):\n    return b'first'\n");
        Files.writeString(
                root.resolve("etc/openedge/service.yml"),
                "server: {address: '" + address + "'}\nfunctions:\n"
                        + "- {name: f, handler: fresh.handler, codedir: code, reload: true}\n");
        try (PythonServer server = new PythonServer(root, Map.of())) {
            FunctionConnection functions = PythonServer.connect(transport, address);
            assertThat(outcome(functions, "f", "")).isEqualTo("first");

            Files.writeString(
                    root.resolve("code/fresh.py"), "def handler(event, context):\n    return b'second one'\n");

            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> outcome(functions, "f", "").equals("second one"));
            assertThat(server.said()).contains("reloaded: f");
        }
    }

    private void assertRefused(String configuration, String words) throws Exception {
        Files.writeString(root.resolve("etc/wrong.yml"), configuration);
        try (PythonServer server = new PythonServer(root, Map.of(), "-c", "/etc/wrong.yml")) {
            assertThat(server.awaitEnd()).isEqualTo(1);
            assertThat(lastLine(server)).contains(words);
        }
    }

    @Test
    public void aCallThatNobodyWaitsForAnyMoreIsNotComputed() throws Exception {
        try (PythonServer server = new PythonServer(root, Map.of())) {
            FunctionConnection functions = PythonServer.connect(transport, address);
            FunctionConnection hasty =
                    transport.connect(new FunctionClientConfig(address, "", "", "", "", 1000, Duration.ofMillis(300)));
            functions.call(message("waits", ""));
            assertThat(outcome(hasty, "prints", "")).startsWith("TIMEOUT");
            server.terminate();
            assertThat(server.awaitEnd()).isZero();
            assertThat(server.said()).doesNotContain("from the function");
        }
    }
}
