import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A gateway of the distribution with a work directory of its own and a free port for its hub, seen from outside. */
final class BenchmarkGateway implements AutoCloseable {
    private static final int LIMIT_SECONDS = 120;
    private static final int INSTANCE_MISSING = 3;

    final Path work;
    final int port;
    private final Path home;

    BenchmarkGateway(Path home, String name) throws IOException {
        this.home = home;
        work = Files.createTempDirectory(name);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    /** Takes a work directory over, with the port in the place of 1883. */
    void copy(Path example) throws IOException {
        try (Stream<Path> files = Files.walk(example)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                write(example.relativize(file).toString(), Files.readString(file).replace("1883", String.valueOf(port)));
            }
        }
    }

    void write(String path, String text) throws IOException {
        Path file = work.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    String read(String path) throws IOException {
        return Files.readString(work.resolve(path));
    }

    /** Runs a verb to its end; a gateway that is up without an instance counts. A failure says what the command said. */
    void openedge(String verb) throws IOException, InterruptedException {
        Process process = command(verb);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)
                || process.exitValue() != 0 && process.exitValue() != INSTANCE_MISSING) {
            throw new IllegalStateException("openedge " + verb + ": " + said(verb));
        }
    }

    /** A verb that runs on. */
    Process command(String verb) throws IOException {
        return new ProcessBuilder(home.resolve("bin/openedge").toString(), verb, "-w", work.toString())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(work.resolve(verb + ".out").toFile())
                .start();
    }

    /** What a verb printed. */
    String said(String verb) throws IOException {
        return read(verb + ".out");
    }

    /** Updates the application and waits for the end. */
    void update(String path) throws IOException {
        String answer = operator("PUT", "/v1/operator/update", "{\"path\": \"" + path + "\"}");
        if (!answer.contains("\"committed\"")) {
            throw new IOException("the update was not committed: " + answer);
        }
    }

    /** One call over the operator's socket; the answer with its head. */
    String operator(String method, String path, String body) throws IOException {
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(work.resolve("var/run/openedge/operator.sock")))) {
            String request = method + " " + path + " HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    long pid() throws IOException {
        return Long.parseLong(read("var/run/openedge/openedge.pid").strip());
    }

    /** Processor time so far, in ticks of 10 ms. */
    static long ticks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** A line of a file under /proc/PID that counts kB, such as VmRSS of status or Pss of smaps_rollup; in MB. */
    static double memory(long pid, String file, String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/" + file))) {
            if (line.startsWith(key + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IllegalStateException(key);
    }

    /** Removes the work directory; the archive of classes may still be on its way into its cache. */
    @Override
    public void close() throws IOException {
        for (int tries = 0; Files.exists(work); tries++) {
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | java.io.UncheckedIOException e) {
                if (tries == 100) {
                    throw e;
                }
            }
        }
    }
}
