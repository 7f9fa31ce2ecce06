package io.openedge.mqtt.client;

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

/** A mosquitto of its own on a free port, with what it remembers in a folder. */
public final class Mosquitto implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final List<String> lines;
    private Process process;

    private Mosquitto(Path folder, int port, List<String> lines) {
        this.folder = folder;
        this.port = port;
        this.lines = lines;
    }

    /** Anybody may do anything. */
    public static Mosquitto open(Path folder) throws IOException {
        return start(folder, "allow_anonymous true");
    }

    public static Mosquitto start(Path folder, String... lines) throws IOException {
        Mosquitto broker = new Mosquitto(folder, freePort(), List.of(lines));
        broker.start();
        return broker;
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    public void start() throws IOException {
        List<String> config = new ArrayList<>(List.of("listener " + port + " 127.0.0.1"));
        config.addAll(lines);
        config.addAll(List.of(
                "per_listener_settings false",
                "user root",
                "persistence true",
                "persistence_location " + folder + "/",
                "autosave_on_changes true",
                "autosave_interval 1"));
        Path file = Files.write(folder.resolve("mosquitto.conf"), config);
        process = new ProcessBuilder(program(), "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mosquitto.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(10)).until(this::answers);
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("mosquitto has ended, see its log in " + folder);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String program() {
        return Stream.of("/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse("mosquitto");
    }

    /** Reads its rights again. */
    public void reload() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** A power cut. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** An ordinary stop, which saves everything. */
    public void stop() {
        process.destroy();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
