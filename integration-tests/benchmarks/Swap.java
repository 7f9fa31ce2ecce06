import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Swaps a module between two versions while a client asks it a thousand times a second: how long the command takes, how
 * long no answer comes, and what the process holds after ten swaps and at the end.
 */
public final class Swap {
    private static final int WARM = 10;
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);

    private final Path home;
    private final Path work;
    private final int port;
    /** When the last answer of each version came. */
    private final long[] answered = new long[3];

    private Swap(Path home, Path work, int port) {
        this.home = home;
        this.work = work;
        this.port = port;
    }

    /** HOME WORK JAR ROUNDS */
    public static void main(String[] args) throws Exception {
        Path work = Files.createTempDirectory("swap");
        int port = freePort();
        copy(Path.of(args[1]), work, port);
        for (int version = 1; version <= 2; version++) {
            version(Path.of(args[2]), work.resolve("hello-" + version + ".jar"), version + ".0.0");
        }
        Swap swap = new Swap(Path.of(args[0]), work, port);
        try {
            swap.openedge("start");
            swap.measure(Integer.parseInt(args[3]));
        } finally {
            swap.openedge("stop");
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private void measure(int rounds) throws Exception {
        long pid = Long.parseLong(Files.readString(work.resolve("var/run/openedge/openedge.pid")).strip());
        long[] command = new long[rounds];
        long[] silence = new long[rounds];
        String tenth = "";
        try (Shell shell = new Shell(work);
                Mqtt asking = new Mqtt(port, "asking");
                Mqtt hearing = new Mqtt(port, "hearing")) {
            hearing.subscribe("greetings");
            daemon(() -> hear(hearing));
            daemon(() -> ask(asking));
            shell.type("start file:hello-1.jar");
            awaitAnswer(1, 0);
            for (int round = 0; round < rounds; round++) {
                int version = 2 - round % 2;
                Thread.sleep(50);
                long begun = System.nanoTime();
                shell.type("update hello-module file:hello-" + version + ".jar");
                command[round] = System.nanoTime() - begun;
                long first = awaitAnswer(version, begun);
                synchronized (answered) {
                    silence[round] = first - answered[3 - version];
                }
                if (round == WARM - 1) {
                    tenth = held(pid);
                }
            }
        }
        System.out.println("| figure | p50 | p99 | max |\n|---|---|---|---|");
        row("the command update, ms", command);
        row("no answer, ms", silence);
        System.out.println("\nafter " + WARM + " swaps: " + tenth + "\nafter " + rounds + " swaps: " + held(pid));
    }

    private static void row(String figure, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "| %s | %.1f | %.1f | %.1f |%n",
                figure,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) Math.ceil(sorted.length * 0.99) - 1] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    private String held(long pid) throws Exception {
        Process jcmd = new ProcessBuilder("jcmd", String.valueOf(pid), "GC.class_histogram").start();
        long loaders = 0;
        try (BufferedReader lines = jcmd.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.strip().split("\\s+");
                if (words.length > 3 && words[3].contains("BundleWiringImpl$BundleClassLoader")) {
                    loaders += Long.parseLong(words[1]);
                }
            }
        }
        return loaders + " class loaders of bundles, " + count(pid, "task") + " threads, " + count(pid, "fd") + " files";
    }

    private static long count(long pid, String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/" + what))) {
            return entries.count();
        }
    }

    private long awaitAnswer(int version, long since) throws InterruptedException {
        synchronized (answered) {
            long limit = System.nanoTime() + LIMIT;
            while (answered[version] <= since) {
                answered.wait(1000);
                if (System.nanoTime() > limit) {
                    throw new IllegalStateException("no answer of version " + version);
                }
            }
            return first[version];
        }
    }

    /** When the first answer of the version that answers now came. */
    private final long[] first = new long[3];

    private void hear(Mqtt client) throws Exception {
        int before = 0;
        while (true) {
            String text = client.next();
            int version = text.charAt(text.lastIndexOf(' ') + 1) - '0';
            synchronized (answered) {
                answered[version] = System.nanoTime();
                if (version != before) {
                    first[version] = answered[version];
                    before = version;
                }
                answered.notifyAll();
            }
        }
    }

    private static void ask(Mqtt client) throws Exception {
        while (true) {
            client.publish("names", "you");
            Thread.sleep(1);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException over) {
                return;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void openedge(String verb) throws Exception {
        new ProcessBuilder(home.resolve("bin/openedge").toString(), verb, "-w", work.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("said").toFile())
                .start()
                .waitFor();
    }

    private static void copy(Path from, Path to, int port) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.writeString(copy, Files.readString(file).replace("1883", String.valueOf(port)));
                }
            }
        }
    }

    private static void version(Path jar, Path copy, String version) throws IOException {
        try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
            Manifest manifest = in.getManifest();
            manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    in.transferTo(out);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A session of the gateway's shell. */
    private static final class Shell implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader answers;

        Shell(Path work) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(work.resolve("var/run/openedge/shell.sock")));
            answers = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        }

        void type(String command) throws IOException {
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
            StringBuilder output = new StringBuilder();
            String line = answers.readLine();
            while (line != null && !line.startsWith("\u0004")) {
                output.append(line);
                line = answers.readLine();
            }
            if (!"\u0004ok".equals(line)) {
                throw new IOException(command + ": " + output);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** As little of MQTT 3.1.1 as is needed, QoS 0, payloads up to 100 bytes. */
    private static final class Mqtt implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Mqtt(int port, String id) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(socket.getOutputStream());
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(body);
            fields.writeUTF("MQTT");
            fields.write(new byte[] {4, (byte) 0xC2, 0, 0});
            fields.writeUTF(id);
            fields.writeUTF("test");
            fields.writeUTF("hahaha");
            send(0x10, body);
            if (in.readInt() != 0x20020000) {
                throw new IOException("refused");
            }
        }

        void subscribe(String filter) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(body);
            fields.writeShort(1);
            fields.writeUTF(filter);
            fields.write(0);
            send(0x82, body);
            in.skipNBytes(5);
        }

        void publish(String topic, String payload) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            new DataOutputStream(body).writeUTF(topic);
            body.write(payload.getBytes(StandardCharsets.UTF_8));
            send(0x30, body);
        }

        String next() throws IOException {
            in.readUnsignedByte();
            byte[] body = new byte[in.readUnsignedByte()];
            in.readFully(body);
            int topic = (body[0] & 0xFF) << 8 | body[1] & 0xFF;
            return new String(body, 2 + topic, body.length - 2 - topic, StandardCharsets.UTF_8);
        }

        private void send(int type, ByteArrayOutputStream body) throws IOException {
            ByteArrayOutputStream packet = new ByteArrayOutputStream();
            packet.write(type);
            packet.write(body.size());
            body.writeTo(packet);
            out.write(packet.toByteArray());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
