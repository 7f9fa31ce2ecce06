import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A broker in a process of its own, in a folder of its own, at a free port. */
final class HubBenchmarkBroker implements AutoCloseable {
    private static final String APPLICATION = """
            version: v1
            services:
              - name: localhub
                image: openedge-hub
                replica: 1
                mounts:
                  - {name: conf, path: etc/openedge, readonly: true}
            volumes:
              - {name: conf, path: var/db/openedge/conf}
            """;
    private static final String MOQUETTE = """
            port PORT
            host 127.0.0.1
            allow_anonymous true
            persistence_enabled false
            telemetry_enabled false
            buffer_flush_millis 0
            netty.tcp_nodelay true
            """;

    /** What can be measured. */
    enum Kind {
        MOSQUITTO("mosquitto"),
        OPENEDGE("OpenEdge"),
        MOQUETTE("Moquette");

        final String title;

        Kind(String title) {
            this.title = title;
        }
    }

    final Kind kind;
    final int port;
    private final Path work = Files.createTempDirectory("hub-benchmark");
    private final Process process;

    /**
     * Starts it and waits until it answers a CONNECT.
     *
     * @param program installation of OpenEdge, executable of mosquitto, class path of Moquette
     */
    HubBenchmarkBroker(Kind kind, String program) throws IOException {
        this.kind = kind;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        process = new ProcessBuilder(command(program))
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("output").toFile())
                .start();
        try {
            awaitAnswer();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private List<String> command(String program) throws IOException {
        return switch (kind) {
            case OPENEDGE -> {
                file("var/db/openedge/application.yml", APPLICATION);
                file("var/db/openedge/conf/service.yml", BenchmarkFiles.HUB);
                file("etc/openedge/openedge.yml", BenchmarkFiles.OPENEDGE);
                yield List.of(program + "/bin/openedge", "run", "-w", work.toString());
            }
            case MOSQUITTO -> List.of(program, "-c", file("mosquitto.conf", BenchmarkFiles.MOSQUITTO));
            case MOQUETTE -> {
                file("config/moquette.conf", MOQUETTE);
                yield List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx1g",
                        "-XX:-UsePerfData",
                        "-Dmoquette.path=" + work + File.separator,
                        "-cp",
                        program,
                        "io.moquette.broker.Server");
            }
        };
    }

    private String file(String name, String text) throws IOException {
        Path file = work.resolve(name);
        Files.createDirectories(file.getParent());
        String filled = text.replace("PORT", String.valueOf(port)).replace("USER", System.getProperty("user.name"));
        return Files.writeString(file, filled).toString();
    }

    private void awaitAnswer() throws IOException {
        byte[] connect = {
            0x10, 29, 0, 4, 'M', 'Q', 'T', 'T', 4, (byte) 0xC2, 0, 0, 0, 5, 'p', 'r', 'o', 'b', 'e',
            0, 4, 't', 'e', 's', 't', 0, 4, 'h', 'a', 'h', 'a'
        };
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < limit && process.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream().write(connect);
                InputStream in = socket.getInputStream();
                if (in.read() == 0x20) { // whatever the code: it serves
                    return;
                }
            } catch (IOException notYet) {
                pause(20);
            }
        }
        throw new IOException(kind.title + " does not serve:\n" + Files.readString(work.resolve("output")));
    }

    static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Proportional set size. Unit: bytes. */
    long pss() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
            if (line.startsWith("Pss:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("no Pss");
    }

    /** Processor time so far. Unit: nanoseconds. */
    long cpu() {
        return process.info().totalCpuDuration().orElseThrow().toNanos();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
