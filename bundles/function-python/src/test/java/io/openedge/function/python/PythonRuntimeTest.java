package io.openedge.function.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.python.PythonConfig.FunctionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized.Parameters;

/** What a function sees, and what its caller gets, under every Python of this machine. */
@RunWith(AtTheSameTime.class)
public class PythonRuntimeTest {
    private static final String UUID = "50f8f102-2b8c-4904-86df-0728811a5a4b";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Timeout limit = Timeout.seconds(60);

    private final Interpreter python;
    private FakeContext context;
    private PythonInstance instance;

    @Parameters(name = "{1}")
    public static List<Object[]> interpreters() throws Exception {
        List<Object[]> all = new ArrayList<>();
        for (Interpreter python : Interpreters.all()) {
            all.add(new Object[] {python, python.version() + " " + python.path()});
        }
        return all;
    }

    public PythonRuntimeTest(Interpreter python, String name) {
        this.python = python;
    }

    @Before
    public void startTheFunctionsOfTheTest() throws Exception {
        Path code = Files.createDirectories(folder.getRoot().toPath().resolve("var/db/openedge/code"));
        try (var source = PythonRuntimeTest.class.getResourceAsStream("functions.py")) {
            Files.copy(source, code.resolve("functions.py"));
        }
        Path part = Files.createDirectories(folder.getRoot().toPath().resolve("other/pkg/part"));
        Files.createFile(part.resolve("../__init__.py"));
        Files.createFile(part.resolve("__init__.py"));
        Files.writeString(part.resolve("deep.py"), "def answer(event, context):\n    return b'from the package'\n");
        List<FunctionConfig> functions = new ArrayList<>();
        for (String name : List.of(
                "echo",
                "kind",
                "sayhi",
                "raw",
                "nothing",
                "unserialisable",
                "fails",
                "leaves",
                "interrupts",
                "prints",
                "shell",
                "loops",
                "pid",
                "environ",
                "forks",
                "long_result")) {
            functions.add(new FunctionConfig(name, "functions." + name, "var/db/openedge/code"));
        }
        functions.add(new FunctionConfig("dotted", "pkg.part.deep.answer", "other"));
        context = new FakeContext(
                folder.getRoot().toPath(),
                new PythonConfig(null, functions, python.path().toString(), null));
        context.environment.put("OPENEDGE_SERVICE_NAME", "sayhi");
        context.environment.put("OPENEDGE_SERVICE_TOKEN", "secret");
        context.environment.put("GREETING", "0777");
        instance = PythonInstance.start(context, version());
    }

    @After
    public void stopTheInstance() throws Exception {
        instance.close();
    }

    private PythonVersion version() {
        return python.version().startsWith("2") ? PythonVersion.PYTHON_27 : PythonVersion.PYTHON_36;
    }

    @Test
    public void jsonComesInAndJsonGoesOutWithTheContext() throws Exception {
        JsonNode answer = JSON.readTree(call("sayhi", "{\"id\":1}"));

        assertThat(answer.get("id").asInt()).isEqualTo(1);
        assertThat(answer.get("messageQOS").asInt()).isEqualTo(1);
        assertThat(answer.get("messageTopic").asText()).isEqualTo("t/ü");
        assertThat(answer.get("messageTimestamp").asLong()).isEqualTo(1560000000L);
        assertThat(answer.get("functionName").asText()).isEqualTo("sayhi");
        assertThat(answer.get("functionInvokeID").asText()).isEqualTo(UUID);
        assertThat(answer.get("invokeid").asText()).isEqualTo(UUID);
        assertThat(answer.get("sayhi").asText()).isEqualTo("你好，世界！");
    }

    @Test
    public void resultsAreJsonWithTheDefaultsOfPython() throws Exception {
        assertThat(text(call("echo", "{\"a\":[1,\"ü\"]}"))).isEqualTo("{\"a\": [1, \"\\u00fc\"]}");
        assertThat(text(call("echo", "17"))).isEqualTo("17");
    }

    @Test
    public void whatIsNoJsonArrivesAsBytes() throws Exception {
        byte[] bytes = {0, 1, (byte) 0xff, 10, 13};

        assertThat(call("echo", bytes)).isEqualTo(bytes);
        assertThat(text(call("kind", "no json"))).isEqualTo("bytes");
    }

    @Test
    public void anEmptyPayloadIsAnEmptyObject() throws Exception {
        assertThat(text(call("echo", ""))).isEqualTo("{}");
    }

    @Test
    public void bytesGoOutAsTheyAreAndNoneAsNothing() throws Exception {
        assertThat(call("raw", "")).containsExactly(0, 255, 254);
        assertThat(call("nothing", "")).isEmpty();
    }

    @Test
    public void handlersMayLieInPackagesOfAnotherFolder() throws Exception {
        assertThat(text(call("dotted", ""))).isEqualTo("from the package");
    }

    @Test
    public void anExceptionIsTheAnswerAndItsTracebackIsLogged() {
        assertThatThrownBy(() -> call("fails", "")).satisfies(e -> {
            assertThat(kind(e)).isEqualTo(FunctionException.Kind.USER_CODE);
            assertThat(cause(e).getMessage())
                    .startsWith("Exception calling application: ('[UserCodeInvoke] ', TypeError('x'")
                    .endsWith(")");
        });
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(context.logged(Level.ERROR))
                        .anyMatch(text -> text.contains("functions.py") && text.contains("TypeError: x"))
                        .as("the frames of the worker tell nothing")
                        .noneMatch(text -> text.contains("worker.py")));
    }

    @Test
    public void aResultThatCannotBeSentIsAnError() {
        assertThatThrownBy(() -> call("unserialisable", ""))
                .satisfies(e -> assertThat(cause(e).getMessage())
                        .startsWith("Exception calling application: ('[UserCodeReturn] ', TypeError("));
    }

    @Test
    public void leavingAndInterruptingEndTheCallOnly() throws Exception {
        byte[] before = call("pid", "");

        assertThatThrownBy(() -> call("leaves", ""))
                .satisfies(e -> assertThat(cause(e).getMessage()).contains("[UserCodeInvoke]", "SystemExit(3"));
        assertThatThrownBy(() -> call("interrupts", ""))
                .satisfies(e -> assertThat(cause(e).getMessage()).contains("KeyboardInterrupt("));
        assertThatThrownBy(() -> call("forks", ""))
                .satisfies(e -> assertThat(cause(e).getMessage()).contains("parent"));

        assertThat(call("pid", "")).isEqualTo(before);
        assertThat(context.failure).isNotDone();
    }

    @Test
    public void theWorkerIsTheProcessOfTheInstance() throws Exception {
        long worker = Long.parseLong(new String(call("pid", ""), UTF_8));

        assertThat(instance.processes())
                .singleElement()
                .satisfies(root -> assertThat(Stream.concat(Stream.of(root), root.descendants()))
                        .extracting(ProcessHandle::pid)
                        .contains(worker));
    }

    @Test
    public void aFunctionThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> call("missing", "")).satisfies(e -> {
            assertThat(kind(e)).isEqualTo(FunctionException.Kind.NOT_FOUND);
            assertThat(cause(e).getMessage()).isEqualTo("Exception calling application: function not found");
        });
    }

    @Test
    public void printsGoToTheLogLineByLine() throws Exception {
        assertThat(text(call("prints", ""))).isEqualTo("1");
        assertThat(text(call("shell", ""))).isEqualTo("0");

        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(context.logged(Level.INFO))
                        .contains("printed ü", "second line", "to standard error", "from a subprocess"));
    }

    @Test
    public void theEnvironmentIsTheServicesWithoutTheToken() throws Exception {
        JsonNode environ = JSON.readTree(call("environ", ""));

        assertThat(environ.get("GREETING").asText()).isEqualTo("0777");
        assertThat(environ.get("OPENEDGE_SERVICE_NAME").asText()).isEqualTo("sayhi");
        assertThat(environ.has("OPENEDGE_SERVICE_TOKEN")).isFalse();
        assertThat(environ.has("PATH")).isTrue();
        assertThat(environ.get("CWD").asText())
                .isEqualTo(folder.getRoot().toPath().toRealPath().toString());
    }

    @Test
    public void manyCallsInFlightGetTheirOwnAnswers() throws Exception {
        List<CompletableFuture<FunctionMessage>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(send("echo", ("{\"i\": " + i + "}").getBytes(UTF_8)));
        }

        for (int i = 0; i < 500; i++) {
            assertThat(text(answers.get(i).get(20, TimeUnit.SECONDS).payload())).isEqualTo("{\"i\": " + i + "}");
        }
    }

    @Test
    public void largePayloadsPassAndTooLargeOnesAreRefused() throws Exception {
        byte[] large = "x".repeat(4 << 20).getBytes(UTF_8);

        assertThat(call("echo", large)).isEqualTo(large);
        assertThatThrownBy(() -> call("echo", new byte[(4 << 20) + 1]))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(FunctionException.Kind.TOO_LARGE));
        assertThatThrownBy(() -> call("long_result", ""))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(FunctionException.Kind.TOO_LARGE));
    }

    @Test
    public void aKilledWorkerFailsItsCallsAndTheInstanceInWords() throws Exception {
        CompletableFuture<FunctionMessage> running = send("loops", new byte[0]);
        CompletableFuture<FunctionMessage> waiting = send("echo", new byte[0]);
        ProcessHandle worker = loopingWorker();

        worker.destroyForcibly();

        assertThatThrownBy(() -> running.get(20, TimeUnit.SECONDS)).satisfies(e -> {
            assertThat(kind(e)).isEqualTo(FunctionException.Kind.UNAVAILABLE);
            assertThat(cause(e).getMessage()).isEqualTo("Python worker was killed by signal 9 (SIGKILL)");
        });
        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
                .as("nothing was computed: another worker may take it")
                .satisfies(e -> assertThat(kind(e)).isEqualTo(FunctionException.Kind.NOT_DELIVERED));
        assertThat(context.failure.get(20, TimeUnit.SECONDS)).hasMessageContaining("signal 9 (SIGKILL)");
        assertThatThrownBy(() -> call("echo", ""))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(FunctionException.Kind.NOT_DELIVERED));
    }

    @Test
    public void closingEndsUserCodeThatLoopsAndAllItStarted() throws Exception {
        CompletableFuture<FunctionMessage> running = send("loops", new byte[0]);
        ProcessHandle worker = loopingWorker();
        ProcessHandle child = ProcessHandle.of(Long.parseLong(Files.readString(marker("child"))))
                .orElseThrow();

        instance.close();

        assertThat(running).isCompletedExceptionally();
        assertThat(context.failure).isNotDone();
        await().atMost(10, TimeUnit.SECONDS).until(() -> ended(worker) && ended(child));
    }

    /** What nobody has waited for yet has ended too. */
    private static boolean ended(ProcessHandle process) throws IOException {
        try {
            return !process.isAlive()
                    || Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"), ISO_8859_1)
                            .contains(") Z ");
        } catch (NoSuchFileException gone) {
            return true;
        }
    }

    private ProcessHandle loopingWorker() throws Exception {
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(marker("looping")));
        return ProcessHandle.of(Long.parseLong(Files.readString(marker("looping"))))
                .orElseThrow();
    }

    private Path marker(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private CompletableFuture<FunctionMessage> send(String function, byte[] payload) {
        FunctionMessage message = new FunctionMessage(7, 1, "t/ü", payload, 1560000000L, function, UUID);
        return instance.endpoint().orElseThrow().call(message).toCompletableFuture();
    }

    private byte[] call(String function, byte[] payload) throws Exception {
        return send(function, payload).get(30, TimeUnit.SECONDS).payload();
    }

    private byte[] call(String function, String payload) throws Exception {
        return call(function, payload.getBytes(UTF_8));
    }

    private static String text(byte[] payload) {
        return new String(payload, UTF_8);
    }

    private static Throwable cause(Throwable e) {
        return e instanceof ExecutionException ? e.getCause() : e;
    }

    private static FunctionException.Kind kind(Throwable e) {
        return ((FunctionException) cause(e)).kind();
    }
}
