package io.openedge.function.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.openedge.app.ByteSize;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig.Length;
import io.openedge.function.FunctionServerConfig.Message;
import io.openedge.function.python.PythonConfig.Cpu;
import io.openedge.function.python.PythonConfig.FunctionConfig;
import io.openedge.function.python.PythonConfig.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized.Parameters;

/** What a function may use, whose modules it sees, and how its code is loaded again, under every Python of this machine. */
@RunWith(AtTheSameTime.class)
public class PythonLimitsTest {
    private static final Memory SMALL = new Memory(new ByteSize(64 << 20));
    private static final Cpu SHORT = new Cpu(Duration.ofMillis(300));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Timeout limit = Timeout.seconds(60);

    private final Interpreter python;
    private FakeContext context;
    private final List<PythonInstance> started = new ArrayList<>();

    @Parameters(name = "{1}")
    public static List<Object[]> interpreters() throws Exception {
        return PythonRuntimeTest.interpreters();
    }

    public PythonLimitsTest(Interpreter python, String name) {
        this.python = python;
    }

    @After
    public void stop() throws Exception {
        for (PythonInstance instance : started) {
            instance.close();
        }
    }

    private void code(String path, String... lines) throws IOException {
        Path file = folder.getRoot().toPath().resolve(path);
        Files.createDirectories(file.getParent());
        Path half = Files.writeString(folder.getRoot().toPath().resolve("half"), String.join("\n", lines) + "\n");
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private PythonInstance start(FunctionConfig... functions) throws Exception {
        context = new FakeContext(
                folder.getRoot().toPath(),
                new PythonConfig(null, List.of(functions), python.path().toString(), null));
        PythonVersion version = python.version().startsWith("2") ? PythonVersion.PYTHON_27 : PythonVersion.PYTHON_36;
        PythonInstance instance = PythonInstance.start(context, version);
        started.add(instance);
        return instance;
    }

    private static CompletableFuture<FunctionMessage> send(PythonInstance to, String function, String payload) {
        FunctionMessage message = new FunctionMessage(7, 1, "t", payload.getBytes(UTF_8), 1560000000L, function, "id");
        return to.endpoint().orElseThrow().call(message).toCompletableFuture();
    }

    private static String call(PythonInstance to, String function, String payload) throws Exception {
        return new String(send(to, function, payload).get(30, TimeUnit.SECONDS).payload(), UTF_8);
    }

    private static FunctionException failure(CompletableFuture<FunctionMessage> call) throws Exception {
        try {
            throw new AssertionError("an answer: " + call.get(30, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return (FunctionException) e.getCause();
        }
    }

    private static FunctionConfig function(String name, Memory memory, Cpu cpu, Message message, boolean reload) {
        return new FunctionConfig(name, "index." + name, "code", memory, cpu, message, reload);
    }

    @Test
    public void aFunctionOverItsMemoryEndsTheWorkerAndNotWhatIsBehindIt() throws Exception {
        code(
                "code/index.py",
                "kept = []",
                "def hog(event, context):",
                "    while True:",
                "        kept.append(bytearray(1 << 20))",
                "def echo(event, context):",
                "    return event");
        FunctionConfig[] functions = {
            function("hog", SMALL, null, null, false), function("echo", null, null, null, false)
        };
        PythonInstance instance = start(functions);
        CompletableFuture<FunctionMessage> before = send(instance, "echo", "1");
        CompletableFuture<FunctionMessage> hog = send(instance, "hog", "2");
        CompletableFuture<FunctionMessage> behind = send(instance, "echo", "3");

        assertThat(before.get(30, TimeUnit.SECONDS).payload()).isEqualTo("1".getBytes(UTF_8));
        FunctionException over = failure(hog);
        assertThat(over.kind()).isEqualTo(Kind.USER_CODE);
        assertThat(over)
                .hasMessageContaining("function 'hog' needs more memory than its memory.limit of 67108864 bytes");
        assertThat(failure(behind).kind())
                .as("nothing was computed: another worker may take it")
                .isEqualTo(Kind.NOT_DELIVERED);
        assertThat(context.failure.get(30, TimeUnit.SECONDS)).hasMessageContaining("'hog' needs more memory");
        assertThat(context.logged(Level.ERROR)).anyMatch(text -> text.contains("MemoryError"));
        assertThat(call(start(functions), "echo", "3")).isEqualTo("3");
    }

    @Test
    public void aFunctionOverItsProcessorTimeEndsTheWorkerInWords() throws Exception {
        code(
                "code/index.py",
                "def spin(event, context):",
                "    while event != 1:",
                "        pass",
                "    return event",
                "def echo(event, context):",
                "    return event");
        PythonInstance instance =
                start(function("spin", null, SHORT, null, false), function("echo", null, null, null, false));
        for (int i = 0; i < 20; i++) {
            assertThat(call(instance, "spin", "1"))
                    .as("each call has its own time")
                    .isEqualTo("1");
        }
        CompletableFuture<FunctionMessage> spin = send(instance, "spin", "2");
        CompletableFuture<FunctionMessage> behind = send(instance, "echo", "3");

        FunctionException over = failure(spin);
        assertThat(over.kind()).isEqualTo(Kind.USER_CODE);
        assertThat(over).hasMessageContaining("function 'spin' needs more processor time than its cpu.limit of 300 ms");
        assertThat(failure(behind).kind()).isEqualTo(Kind.NOT_DELIVERED);
        assertThat(context.failure.get(30, TimeUnit.SECONDS)).hasMessageContaining("'spin' needs more processor time");
    }

    @Test
    public void aFunctionMayHaveASmallerLimitOfMessages() throws Exception {
        code(
                "code/index.py",
                "def small(event, context):",
                "    return event * 2",
                "def large(event, context):",
                "    return event * 2");
        Message ten = new Message(new Length(new ByteSize(10)));
        PythonInstance instance =
                start(function("small", null, null, ten, false), function("large", null, null, null, false));

        assertThat(call(instance, "small", "xxxxx")).isEqualTo("xxxxxxxxxx");
        assertThat(failure(send(instance, "small", "xxxxxx"))).hasMessageContaining("12 bytes is larger than 10");
        assertThat(failure(send(instance, "small", "xxxxxxxxxxx"))).hasMessageContaining("11 bytes is larger than 10");
        assertThat(call(instance, "large", "xxxxxxxxxxx")).hasSize(22);
    }

    @Test
    public void aLimitThatTheRuntimeItselfDoesNotKeepIsSaidAtTheStart() throws Exception {
        code("code/index.py", "def hog(event, context):", "    return event");

        assertThatThrownBy(() -> start(function("hog", new Memory(new ByteSize(1 << 20)), null, null, false)))
                .hasMessageContaining("function 'hog': memory.limit of 1048576 bytes is too little");
    }

    @Test
    public void modulesOfTheSameNameBelongToTheFunctionsOfTheirFolders() throws Exception {
        for (String name : List.of("one", "two")) {
            code(
                    name + "/index.py",
                    "import pkg",
                    "from late import early",
                    "def handler(event, context):",
                    "    import only_now",
                    "    return only_now.name + pkg.name + early");
            code(name + "/pkg/__init__.py", "from .part import name");
            code(name + "/pkg/part.py", "name = b'" + name + "'");
            code(name + "/late.py", "early = b' early " + name + " '");
            code(name + "/only_now.py", "name = b'now " + name + " '");
        }
        code("two/shared.py", "name = b'shared'");
        code("one/other.py", "import shared", "def handler(event, context):", "    return shared.name");
        PythonInstance instance = start(
                new FunctionConfig("one", "index.handler", "one"),
                new FunctionConfig("two", "index.handler", "two"),
                new FunctionConfig("other", "other.handler", "one"));

        for (int i = 0; i < 3; i++) {
            assertThat(call(instance, "one", "")).isEqualTo("now one one early one ");
            assertThat(call(instance, "two", "")).isEqualTo("now two two early two ");
        }
        assertThat(call(instance, "other", ""))
                .as("folders are still one search path")
                .isEqualTo("shared");
    }

    @Test
    public void changedCodeIsLoadedWithoutLosingAMessage() throws Exception {
        code("code/index.py", "import part", "def handler(event, context):", "    return part.value");
        code("code/part.py", "value = b'first'");
        PythonInstance instance = start(new FunctionConfig("f", "index.handler", "code", null, null, null, true));
        assertThat(call(instance, "f", "")).isEqualTo("first");

        code("code/part.py", "value = b'second one'");
        await().atMost(20, TimeUnit.SECONDS).until(() -> call(instance, "f", "").equals("second one"));

        code("code/index.py", "import part", "def handler(event, context", "    return part.value");
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> context.logged(Level.ERROR).stream()
                        .anyMatch(text -> text.contains("the old code stays: function 'f'")));
        assertThat(call(instance, "f", "")).isEqualTo("second one");
        code("code/index.py", "def handler(event, context):", "    return b'third'");
        await().atMost(20, TimeUnit.SECONDS).until(() -> call(instance, "f", "").equals("third"));
        assertThat(context.logged(Level.INFO)).contains("reloaded: f");
        assertThat(context.failure).isNotDone();
    }
}
