package io.openedge.agent;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A mosquitto that demands a certificate of its authority; its common name is the user. */
final class Broker implements AutoCloseable {
    private final Path folder;
    private final int port;
    private Process process;

    /** @param folder with ca.pem, broker.pem, broker.key */
    Broker(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.write(
                folder.resolve("acl"),
                List.of(
                        "pattern read $baidu/iot/edge/%u/core/backward",
                        "pattern write $baidu/iot/edge/%u/core/forward",
                        "user cloud",
                        "topic readwrite $baidu/#",
                        "topic readwrite #"));
        Files.write(
                folder.resolve("mosquitto.conf"),
                List.of(
                        "listener " + port + " 127.0.0.1",
                        "cafile " + folder.resolve("ca.pem"),
                        "certfile " + folder.resolve("broker.pem"),
                        "keyfile " + folder.resolve("broker.key"),
                        "require_certificate true",
                        "use_identity_as_username true",
                        "acl_file " + folder.resolve("acl"),
                        "max_queued_messages 0",
                        "persistence true",
                        "persistence_location " + folder + "/",
                        "user root"));
        start();
    }

    void start() throws IOException {
        process = new ProcessBuilder(
                        program(), "-c", folder.resolve("mosquitto.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("mosquitto.log").toFile()))
                .start();
        await("mosquitto").atMost(Duration.ofSeconds(10)).until(this::answers);
    }

    /** Debian has it where ordinary users do not look. */
    private static String program() {
        Path debian = Path.of("/usr/sbin/mosquitto");
        return Files.isExecutable(debian) ? debian.toString() : "mosquitto";
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** What it remembers is kept. */
    void stop() {
        process.destroy();
        process.onExit().join();
    }

    @Override
    public void close() {
        stop();
    }
}
