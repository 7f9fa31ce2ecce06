import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A persistent session is away while a million messages come for it; then the gateway is killed, started again, and the
 * session takes them. Meanwhile somebody else publishes with QoS 1 at a steady rate and looks how long its
 * acknowledgements take.
 */
public final class Backlog {
    private static final int PUBLISHERS = 4;
    private static final int WINDOW = 64;
    private static final int PAYLOAD = 128;
    private static final int RATE = 1_000;
    private static final String APPLICATION = """
            version: v1
            services:
              - name: localhub
                image: openedge-hub
                replica: 1
                mounts:
                  - {name: conf, path: etc/openedge, readonly: true}
                  - {name: data, path: var/db/openedge/data}
            volumes:
              - {name: conf, path: var/db/openedge/conf}
              - {name: data, path: var/db/openedge/data}
            """;

    private final Path home;
    private final Path work = Files.createTempDirectory("backlog");
    private final int port;
    private Process gateway;
    private volatile boolean steady = true;

    private Backlog(Path home) throws IOException {
        this.home = home;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        file("var/db/openedge/application.yml", APPLICATION);
        file("var/db/openedge/conf/service.yml", BenchmarkFiles.HUB);
        file("etc/openedge/openedge.yml", BenchmarkFiles.OPENEDGE);
    }

    private void file(String name, String text) throws IOException {
        Path file = work.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text.replace("PORT", String.valueOf(port)));
    }

    /** Answers the seconds until the hub let a client in. */
    private double start() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        gateway = new ProcessBuilder(home + "/bin/openedge", "run", "-w", work.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("output").toFile())
                .start();
        while (true) {
            try (Client probe = new Client("probe", true)) {
                return (System.nanoTime() - begin) / 1e9;
            } catch (IOException notYet) {
                if (!gateway.isAlive()) {
                    throw new IOException(Files.readString(work.resolve("output")), notYet);
                }
                Thread.sleep(5);
            }
        }
    }

    /** As little of MQTT as is needed, over a socket that blocks. */
    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        private final DataInputStream in;
        private final DataOutputStream out;
        private int id;

        Client(String name, boolean clean) throws IOException {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(60_000);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 64 * 1024));
            byte[] client = name.getBytes(StandardCharsets.US_ASCII);
            out.write(new byte[] {0x10, (byte) (26 + client.length), 0, 4, 'M', 'Q', 'T', 'T', 4});
            out.write(new byte[] {(byte) (clean ? 0xC2 : 0xC0), 0, 0});
            out.writeShort(client.length);
            out.write(client);
            out.writeUTF("test");
            out.writeUTF("hahaha");
            out.flush();
            int head = in.readUnsignedByte();
            if (head != 0x20 || in.readUnsignedByte() != 2 || in.readUnsignedByte() > 1 || in.readByte() != 0) {
                throw new IOException("not let in");
            }
        }

        void subscribe(String topic) throws IOException {
            out.write(new byte[] {(byte) 0x82, (byte) (5 + topic.length()), 0, 1});
            out.writeUTF(topic);
            out.write(1);
            out.flush();
            in.skipNBytes(5);
        }

        void publish(String topic, long number) throws IOException {
            int length = 4 + topic.length() + PAYLOAD;
            out.write(0x32);
            out.write(length & 0x7F | 0x80);
            out.write(length >> 7);
            out.writeUTF(topic);
            out.writeShort(id = id % 65_535 + 1);
            out.writeLong(number);
            out.write(new byte[PAYLOAD - Long.BYTES]);
        }

        void acknowledged() throws IOException {
            in.skipNBytes(4);
        }

        /** Takes a message, which must be the next of its publisher, and acknowledges it. */
        void take(long[] next) throws IOException {
            int head = in.readUnsignedByte();
            int low = in.readUnsignedByte();
            int length = low & 0x7F | (low > 0x7F ? in.readUnsignedByte() << 7 : 0);
            byte[] topic = new byte[in.readUnsignedShort()];
            in.readFully(topic);
            int packet = in.readUnsignedShort();
            long number = in.readLong();
            in.skipNBytes(length - 4 - topic.length - Long.BYTES);
            int publisher = topic[topic.length - 1] - '0';
            if (head >> 4 != 3 || number != next[publisher]) {
                throw new IOException("packet " + head + ", message " + number + " in the place of " + next[publisher]);
            }
            next[publisher]++;
            out.write(0x40);
            out.write(2);
            out.writeShort(packet);
            if (in.available() == 0) {
                out.flush();
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** One of those who publish for the session: so many, each with its number. */
    private Void publish(int publisher, int messages) throws IOException {
        try (Client client = new Client("p" + publisher, true)) {
            int sent = 0;
            int done = 0;
            while (done < messages) {
                while (sent < messages && sent - done < WINDOW) {
                    client.publish("late/" + publisher, sent++);
                }
                client.out.flush();
                client.acknowledged();
                done++;
                while (client.in.available() >= 4) {
                    client.acknowledged();
                    done++;
                }
            }
        }
        return null;
    }

    /** Somebody else: how long its acknowledgements take. Unit: microseconds. */
    private double[] others() throws IOException, InterruptedException {
        List<Double> micros = new ArrayList<>();
        try (Client client = new Client("other", true)) {
            long begin = System.nanoTime();
            for (long i = 0; steady; i++) {
                long due = begin + i * TimeUnit.SECONDS.toNanos(1) / RATE;
                long left = due - System.nanoTime();
                if (left > 0) {
                    TimeUnit.NANOSECONDS.sleep(left);
                }
                client.publish("other", i);
                client.out.flush();
                client.acknowledged();
                micros.add((System.nanoTime() - Math.max(due, begin)) / 1e3);
            }
        }
        double[] sorted = micros.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new double[] {sorted[sorted.length / 2], sorted[sorted.length * 99 / 100], sorted[sorted.length - 1]};
    }

    /** What is in use of the heap after a collection. Unit: MiB. */
    private double heap() throws IOException, InterruptedException {
        jcmd("GC.run");
        Matcher used = Pattern.compile("total \\d+K, used (\\d+)K").matcher(jcmd("GC.heap_info"));
        double sum = 0;
        while (used.find()) {
            sum += Double.parseDouble(used.group(1)) / 1024;
        }
        return sum;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/jcmd", String.valueOf(gateway.pid()), command)
                .redirectErrorStream(true)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return answer;
    }

    private interface Phase {
        void run() throws Exception;
    }

    /** Runs a phase beside the others' steady messages. */
    private void beside(ExecutorService threads, String title, int messages, Phase phase) throws Exception {
        steady = true;
        Future<double[]> others = threads.submit((Callable<double[]>) this::others);
        long begin = System.nanoTime();
        phase.run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        steady = false;
        double[] micros = others.get();
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d messages in %.1f s, %,.0f a second | p50 %.2f ms, p99 %.2f ms, longest %.1f ms |%n",
                title,
                messages,
                seconds,
                messages / seconds,
                micros[0] / 1e3,
                micros[1] / 1e3,
                micros[2] / 1e3);
    }

    private void run(int messages) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        System.out.printf(Locale.ROOT, "first start: %.2f s to the first CONNACK%n%n", start());
        try (Client late = new Client("late", false)) {
            late.subscribe("late/#");
        }
        System.out.println("| | the session | acknowledgements of somebody else, " + RATE + " a second |");
        System.out.println("|---|---|---|");
        beside(threads, "nothing", 0, () -> TimeUnit.SECONDS.sleep(5));
        double before = heap();
        beside(threads, "it is away", messages, () -> {
            List<Future<Void>> all = new ArrayList<>();
            for (int p = 0; p < PUBLISHERS; p++) {
                int publisher = p;
                all.add(threads.submit(() -> publish(publisher, messages / PUBLISHERS)));
            }
            for (Future<Void> one : all) {
                one.get();
            }
        });
        double growth = heap() - before;
        gateway.destroyForcibly().waitFor();
        double restart = start();
        double again = heap();
        beside(threads, "it is back", messages, () -> {
            long[] next = new long[PUBLISHERS];
            long taken = 0;
            try (Client late = new Client("late", false)) {
                while (taken < messages) {
                    late.take(next);
                    taken++;
                }
                late.out.flush();
            }
        });
        System.out.printf(
                Locale.ROOT,
                "%nheap: %.1f MiB in use before, %.1f more with the messages; %.1f after a start with them, %.1f more once they are taken%n",
                before,
                growth,
                again,
                heap() - again);
        System.out.printf(Locale.ROOT, "start after kill -9, with all of them: %.2f s to the first CONNACK%n", restart);
        gateway.destroy();
        gateway.waitFor();
    }

    public static void main(String[] args) throws Exception {
        Backlog backlog = new Backlog(Path.of(args[0]));
        try {
            backlog.run(Integer.parseInt(args[1]));
        } finally {
            backlog.gateway.destroyForcibly();
            try (Stream<Path> files = Files.walk(backlog.work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
