package io.openedge.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A mosquitto that keeps any number of messages for its sessions, in a folder of its own. */
final class FarBroker implements AutoCloseable {
    private final Path folder;
    private final List<String> lines = new ArrayList<>();
    private final int port;
    private Process process;

    /** @param more lines of its configuration */
    FarBroker(Path folder, String... more) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        lines.addAll(List.of(
                "listener " + port + " 127.0.0.1",
                "allow_anonymous true",
                "user root",
                "max_queued_messages 0",
                "max_queued_bytes 0",
                "max_inflight_messages 100",
                "set_tcp_nodelay true",
                "persistence true",
                "persistence_location " + folder + "/"));
        lines.addAll(List.of(more));
        start();
    }

    int port() {
        return port;
    }

    void start() throws IOException {
        Path file = Files.write(folder.resolve("mosquitto.conf"), lines);
        String program = Stream.of("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse("mosquitto");
        process = new ProcessBuilder(program, "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mosquitto.log").toFile())
                .start();
        await("mosquitto serves").atMost(Duration.ofSeconds(20)).until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    /** An ordinary stop, which saves its sessions. */
    void stop() {
        process.destroy();
        process.onExit().join();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
