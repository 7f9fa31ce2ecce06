package io.openedge.function.grpc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Assume;

/** A process with the gRPC library of somebody else: foreign.py. Tests of it are skipped, and say so, without the library. */
final class Foreign implements AutoCloseable {
    private static final String PYTHON = "/usr/bin/python3";

    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    Foreign(String... arguments) throws Exception {
        assumeItsLibrary();
        List<String> line = new ArrayList<>(List.of(
                PYTHON,
                Path.of("src/test/resources/io/openedge/function/grpc/foreign.py")
                        .toAbsolutePath()
                        .toString(),
                Path.of("src/main/proto/function.proto").toAbsolutePath().toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(java.util.Locale.ROOT).endsWith("_proxy"));
        process = builder.start();
        out = process.inputReader();
        in = process.outputWriter();
    }

    static void assumeItsLibrary() throws IOException, InterruptedException {
        Process probe = new ProcessBuilder(PYTHON, "-c", "import grpc, google.protobuf").start();
        boolean there = probe.waitFor(60, TimeUnit.SECONDS) && probe.exitValue() == 0;
        Assume.assumeTrue("python3-grpcio and python3-protobuf are there", there);
    }

    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("foreign.py has ended");
        }
        return line;
    }

    /** Sends a line and reads one. */
    String ask(String json) throws IOException {
        in.write(json.replace('\'', '"') + "\n");
        in.flush();
        return line();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws Exception {
        in.close();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
