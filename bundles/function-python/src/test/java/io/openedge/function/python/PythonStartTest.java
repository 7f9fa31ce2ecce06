package io.openedge.function.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.openedge.app.InvalidValueException;
import io.openedge.config.ConfigReader;
import io.openedge.config.Warning;
import io.openedge.function.python.PythonConfig.FunctionConfig;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** How a runtime starts, and in which words it does not. */
public class PythonStartTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root;

    @Before
    public void writeCode() throws IOException {
        root = folder.getRoot().toPath();
        code("a/index.py", "def handler(event, context):\n    return b'a'\nnumber = 1\n");
        code("b/index.py", "def handler(event, context):\n    return b'b'\n");
        code("a/broken.py", "import no_such_module\n");
        code("a/leaving.py", "import sys\nsys.exit(4)\n");
    }

    private void code(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private Throwable failure(FunctionConfig... functions) {
        FakeContext context = new FakeContext(root, config("", functions));
        Throwable failure = catchThrowable(() -> PythonInstance.start(context, PythonVersion.PYTHON_36));
        assertThat(context.failure).isNotDone();
        return failure;
    }

    private static PythonConfig config(String python, FunctionConfig... functions) {
        return new PythonConfig(null, List.of(functions), python, null);
    }

    @Test
    public void aHandlerThatCannotBeImportedIsSaidInPythonsWords() {
        assertThat(failure(new FunctionConfig("sayhi", "broken.handler", "a")))
                .hasMessageContaining("function 'sayhi': handler 'broken.handler' in " + root.resolve("a"))
                .hasMessageContaining("No module named 'no_such_module'");
        assertThat(failure(new FunctionConfig("sayhi", "index.missing", "a")))
                .hasMessageContaining("has no attribute 'missing'");
        assertThat(failure(new FunctionConfig("sayhi", "index.number", "a")))
                .hasMessageContaining("index.number is not callable");
        assertThat(failure(new FunctionConfig("sayhi", "leaving.handler", "a"))).hasMessageContaining("SystemExit: 4");
    }

    @Test
    public void aCodeFolderThatIsNotThereIsAWarning() throws Exception {
        FakeContext context = new FakeContext(
                root,
                config(
                        "",
                        new FunctionConfig("here", "index.handler", "a"),
                        new FunctionConfig("typo", "index.handler", "aa")));

        PythonInstance.start(context, PythonVersion.PYTHON_36).close();

        assertThat(context.logged(Level.WARN)).containsExactly("function 'typo': codedir 'aa' is no folder");
    }

    @Test
    public void aModuleThatThePythonHidesIsAnErrorNotTheWrongFunction() throws IOException {
        code("a/json.py", "def handler(event, context):\n    return b'own'\n");
        code("a/time.py", "def handler(event, context):\n    return b'own'\n");

        assertThat(failure(new FunctionConfig("f", "json.handler", "a")))
                .hasMessageContaining("function 'f'")
                .hasMessageContaining("module json comes from /")
                .hasMessageContaining("which hides the one in " + root.resolve("a"));
        assertThat(failure(new FunctionConfig("f", "time.handler", "a")))
                .hasMessageContaining("module time comes from the interpreter");
    }

    @Test
    public void withoutAPythonTheStartNamesWhatWasTriedAndWhy() throws IOException {
        Path bin = Files.createDirectories(root.resolve("bin"));
        script(bin.resolve("python2.7"), "echo 'python2.7: command not found'; exit 127");
        script(bin.resolve("python2"), "exec /usr/bin/python3 \"$@\"");
        FakeContext context =
                new FakeContext(root, config("/no/such/python", new FunctionConfig("f", "index.handler", "a")));
        context.environment.put("PATH", bin + File.pathSeparator + "/usr/bin");

        assertThatThrownBy(() -> PythonInstance.start(context, PythonVersion.PYTHON_27))
                .hasMessageContaining("/no/such/python (not found)")
                .hasMessageContaining(bin.resolve("python2.7") + " (exit code 127: python2.7: command not found)")
                .hasMessageContaining(bin.resolve("python2") + " (is Python 3.");
    }

    @Test
    public void aCommandThatDoesNotRunIsPassedOver() throws Exception {
        Path bin = Files.createDirectories(root.resolve("bin"));
        script(bin.resolve("python3.6"), "exit 127");
        script(bin.resolve("python3"), "exec /usr/bin/python3 \"$@\"");

        Interpreter python =
                Interpreter.find(PythonVersion.PYTHON_36, "", root, Map.of("PATH", bin.toString()), List.of());

        assertThat(python.path()).isEqualTo(bin.resolve("python3"));
        assertThat(python.executable()).isEqualTo(Path.of("/usr/bin/python3"));
    }

    private static void script(Path file, String command) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    public void theEndOfInputEndsTheWorkerWhileUserCodeLoops() throws Exception {
        code("a/looping.py", "while True:\n    pass\n");
        try (WorkerScript script = WorkerScript.write(Optional.empty())) {
            Process worker =
                    new ProcessBuilder("/usr/bin/python3", script.file().toString()).start();
            byte[] hello = ("{\"protocol\": 1, \"longest\": 10, \"functions\": [{\"name\": \"f\","
                            + " \"handler\": \"looping.handler\", \"codedir\": \"" + root.resolve("a") + "\"}]}")
                    .getBytes(StandardCharsets.UTF_8);
            try (OutputStream input = worker.getOutputStream()) {
                input.write(ByteBuffer.allocate(13 + hello.length)
                        .putInt(9 + hello.length)
                        .put((byte) 1)
                        .putLong(0)
                        .put(hello)
                        .array());
                input.flush();
                await().atMost(20, TimeUnit.SECONDS)
                        .until(() -> worker.toHandle()
                                .info()
                                .totalCpuDuration()
                                .filter(cpu -> cpu.toMillis() > 300)
                                .isPresent());
            }

            assertThat(worker.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    public void nothingIsLeftAfterAStop() throws Exception {
        Set<Path> before = scripts();
        FakeContext context = new FakeContext(root, config("", new FunctionConfig("f", "index.handler", "a")));

        PythonInstance instance = PythonInstance.start(context, PythonVersion.PYTHON_36);
        assertThat(scripts()).hasSize(before.size() + 1);
        instance.close();
        instance.close();

        assertThat(scripts()).isEqualTo(before);
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("sayhi.sayhi.1")));
    }

    private static Set<Path> scripts() throws IOException {
        Set<Path> scripts = new HashSet<>();
        try (var found = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), "function-python-*")) {
            found.forEach(scripts::add);
        }
        return scripts;
    }

    @Test
    public void theOldConfigurationFileIsReadAsItIs() throws Exception {
        Path file = root.resolve("service.yml");
        Files.writeString(
                file,
                "functions:\n  - name: 'python27-sayhi'\n    handler: 'index.handler'\n"
                        + "    codedir: 'var/db/openedge/function-sayhi'\n"
                        + "server: {workers: {max: 0}, message: {length: {max: 4194304}}}\n");
        List<Warning> warnings = new ArrayList<>();

        PythonConfig config = ConfigReader.read(file, PythonConfig.class, warnings::add);

        assertThat(config.functions())
                .containsExactly(
                        new FunctionConfig("python27-sayhi", "index.handler", "var/db/openedge/function-sayhi"));
        assertThat(config.longest()).isEqualTo(4 << 20);
        assertThat(config.concurrent()).isEqualTo(1000);
        assertThat(warnings).isEmpty();
    }

    @Test
    public void theGatewaysOwnVariablesDoNotReachTheFunctions() {
        Map<String, String> gateway = Map.of(
                "PATH",
                "/bin",
                "JAVA_HOME",
                "/j",
                "JAVA_TOOL_OPTIONS",
                "-X",
                "JDK_JAVA_OPTIONS",
                "-X",
                "OPENEDGE_HOME",
                "/o");
        Map<String, String> service =
                Map.of("OPENEDGE_SERVICE_NAME", "s", "OPENEDGE_SERVICE_TOKEN", "t", "PYTHONIOENCODING", "latin-1");

        assertThat(WorkerEnvironment.of(gateway, service, Optional.empty()))
                .containsOnly(
                        Map.entry("PATH", "/bin"),
                        Map.entry("OPENEDGE_SERVICE_NAME", "s"),
                        Map.entry("PYTHONIOENCODING", "latin-1"),
                        Map.entry("PYTHONUNBUFFERED", "1"),
                        Map.entry("PYTHONDONTWRITEBYTECODE", "1"));
    }

    @Test
    public void aStartThatIsInterruptedLeavesNothing() throws Exception {
        code("a/looping.py", "open('importing', 'w').close()\nwhile True:\n    pass\n");
        FakeContext context = new FakeContext(root, config("", new FunctionConfig("f", "looping.handler", "a")));
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread starter = new Thread(
                () -> failure.complete(catchThrowable(() -> PythonInstance.start(context, PythonVersion.PYTHON_36))));
        starter.start();
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(root.resolve("importing")));

        starter.interrupt();

        assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .noneMatch(child -> child.info().commandLine().orElse("").contains("worker.py"));
    }

    @Test
    public void aConfigurationWithoutFunctionsOrWithANameTwiceIsRefused() {
        assertThatThrownBy(() -> config("")).isInstanceOf(InvalidValueException.class);
        FunctionConfig function = new FunctionConfig("f", "index.handler", "a");
        assertThatThrownBy(() -> config("", function, function)).hasMessageContaining("each name once");
        assertThatThrownBy(() -> new FunctionConfig("f", "handler", "a")).hasMessageContaining("index.handler");
    }
}
