package io.openedge.hub;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Debian's mosquitto in a process of its own, for comparison. */
final class Mosquitto implements AutoCloseable {
    private static final String CONFIGURATION = """
            listener PORT 127.0.0.1
            allow_anonymous true
            persistence false
            max_inflight_messages 100
            max_queued_messages 0
            allow_duplicate_messages true
            log_type error
            user USER
            """;

    private final int port;
    private final Process process;

    /** Where it is installed. */
    static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "mosquitto"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Mosquitto(Path folder) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path file = folder.resolve("mosquitto.conf");
        Files.writeString(
                file,
                CONFIGURATION.replace("PORT", String.valueOf(port)).replace("USER", System.getProperty("user.name")));
        process = new ProcessBuilder(List.of(program().orElseThrow().toString(), "-c", file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mosquitto.log").toFile())
                .start();
        await("mosquitto").atMost(Duration.ofSeconds(30)).until(this::serves);
    }

    private boolean serves() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
