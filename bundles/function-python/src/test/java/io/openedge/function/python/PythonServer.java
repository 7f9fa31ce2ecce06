package io.openedge.function.python;

import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.grpc.GrpcTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.Assume;

/** server.py as a process in a service's directory, and a connection to it. */
final class PythonServer implements AutoCloseable {
    static final Path SOURCES =
            Path.of("src/main/resources/io/openedge/function/python").toAbsolutePath();
    private static final String PYTHON = "/usr/bin/python3";

    private final Process process;
    private final Path said;

    PythonServer(Path directory, Map<String, String> environment, String... arguments) throws IOException {
        said = directory.resolve("said.txt");
        List<String> line =
                new ArrayList<>(List.of(PYTHON, SOURCES.resolve("server.py").toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("PYTHONUNBUFFERED", "1");
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().putAll(environment);
        process = builder.start();
    }

    static void assumeItsLibrary() throws IOException, InterruptedException {
        Process probe = new ProcessBuilder(PYTHON, "-c", "import grpc").start();
        Assume.assumeTrue("python3-grpcio is there", probe.waitFor(60, TimeUnit.SECONDS) && probe.exitValue() == 0);
    }

    String said() throws IOException {
        return Files.readString(said);
    }

    /** Its exit code, once it has ended. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    void terminate() {
        process.destroy();
    }

    static FunctionConnection connect(GrpcTransport transport, String address) throws Exception {
        FunctionConnection functions =
                transport.connect(new FunctionClientConfig(address, "", "", "", "", 4 << 20, Duration.ZERO));
        functions.ready().toCompletableFuture().get(60, TimeUnit.SECONDS);
        return functions;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
