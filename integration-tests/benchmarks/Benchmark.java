import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Measures a gateway of the distribution from outside, over its real sockets: start, memory at rest, round trip and rate
 * of a Python function, and the hub's own rate in the same run. Each figure is the median of the rounds.
 *
 * <p>Needs nothing but a JDK: {@code java Benchmark.java INSTALLATION EXAMPLE ROUNDS}.
 */
public class Benchmark {
    private static final String EVENT = "{\"id\":1%07d,\"device\":\"press-17\",\"temperature\":71.25,\"unit\":\"C\","
            + "\"pressure\":1013.25,\"state\":\"running\",\"seq\":\"0000000000\"}";
    private static final int LIMIT_MILLIS = 30_000;
    private static final int WINDOW = 64;
    private static final int WARM_UP = 3_000;
    private static final int ROUND_TRIPS = 3_000;
    private static final int FUNCTION_MESSAGES = 20_000;
    private static final int HUB_MESSAGES = 200_000;

    private final Path home;
    private final Path example;
    private final int rounds;

    Benchmark(Path home, Path example, int rounds) {
        this.home = home;
        this.example = example;
        this.rounds = rounds;
    }

    public static void main(String[] args) throws Exception {
        new Benchmark(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[2])).run();
    }

    private void run() throws Exception {
        System.out.println("| figure | median of " + rounds + " | min | max |\n|---|---|---|---|");
        Starts first = new Starts(rounds);
        Starts later = new Starts(rounds);
        try (Gateway old = new Gateway(work -> options(work, "-Dopenedge.archive.after=0"))) {
            old.awaitArchive();
            old.stop();
            // In turn, so that what else the machine does hits both.
            for (int i = 0; i < rounds; i++) {
                try (Gateway gateway = new Gateway(work -> options(work, "-Dopenedge.archive=off"))) {
                    first.measure(i, gateway);
                }
                old.start();
                later.measure(i, old);
                old.stop();
            }
        }
        first.print("first start");
        later.print("later start, with the archive of classes");
        try (Gateway gateway =
                new Gateway(work -> oneRule(work) && options(work, "-Dopenedge.archive=off"))) {
            gateway.awaitApi();
            gateway.awaitHub();
            measureMessages(gateway.port);
        }
    }

    /** What is seen at the starts of a gateway, in each round. */
    private record Starts(double[] api, double[] connect, double[] rss, double[] pss, double[] status) {
        Starts(int rounds) {
            this(new double[rounds], new double[rounds], new double[rounds], new double[rounds], new double[rounds]);
        }

        void measure(int round, Gateway gateway) throws Exception {
            gateway.awaitApi();
            api[round] = gateway.millis();
            gateway.awaitHub();
            connect[round] = gateway.millis();
            gateway.awaitIdle();
            rss[round] = gateway.memory("status", "VmRSS:");
            pss[round] = gateway.memory("smaps_rollup", "Pss:");
            status[round] = gateway.statusMillis();
        }

        void print(String which) {
            row(which + ": the API's first answer, ms", api);
            row(which + ": the hub's first CONNACK, ms", connect);
            row(which + ": RSS at rest with the example, MB", rss);
            row(which + ": PSS at rest with the example, MB", pss);
            row(which + ": openedge status, ms", status);
        }
    }

    private void measureMessages(int port) throws Exception {
        double[] p50 = new double[rounds];
        double[] p99 = new double[rounds];
        double[] hubP50 = new double[rounds];
        double[] rate = new double[rounds];
        double[] hubRate = new double[rounds];
        try (Client publisher = new Client(port, "bench-pub");
                Client subscriber = new Client(port, "bench-sub")) {
            subscriber.subscribe("bench/out");
            subscriber.subscribe("plain");
            awaitAnswer(publisher, subscriber);
            pump(publisher, subscriber, "bench/in", WARM_UP);
            pump(publisher, subscriber, "plain", HUB_MESSAGES);
            for (int i = 0; i < rounds; i++) {
                double[] trips = roundTrips(publisher, subscriber, "bench/in");
                p50[i] = trips[trips.length / 2];
                p99[i] = trips[trips.length * 99 / 100];
                double[] plain = roundTrips(publisher, subscriber, "plain");
                hubP50[i] = plain[plain.length / 2];
                rate[i] = pump(publisher, subscriber, "bench/in", FUNCTION_MESSAGES);
                hubRate[i] = pump(publisher, subscriber, "plain", HUB_MESSAGES);
            }
        }
        row("function round trip one at a time, p50, ms", p50);
        row("function round trip one at a time, p99, ms", p99);
        row("hub round trip one at a time, p50, ms", hubP50);
        row("function answers a second, " + WINDOW + " in flight", rate);
        row("hub 1→1 messages a second, " + WINDOW + " in flight", hubRate);
    }

    private static void row(String figure, double[] values) {
        Arrays.sort(values);
        System.out.printf(
                "| %s | %s | %s | %s |%n",
                figure, text(values[values.length / 2]), text(values[0]), text(values[values.length - 1]));
    }

    private static String text(double value) {
        return value >= 100 ? String.format("%,.0f", value) : String.format("%.3g", value);
    }

    private static boolean options(Path work, String line) {
        try {
            Files.writeString(work.resolve("etc/openedge/jvm.options"), line + "\n");
            return true;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Only one function listens, so that each message has one answer. */
    private static boolean oneRule(Path work) {
        try {
            Files.writeString(
                    work.resolve("var/db/openedge/function-manager-conf/service.yml"),
                    String.join(
                            "\n",
                            "hub: {address: 'tcp://localhub:1883', username: test, password: hahaha}",
                            "rules:",
                            "  - clientid: bench",
                            "    subscribe: {topic: bench/in}",
                            "    function: {name: python36-sayhi}",
                            "    publish: {topic: bench/out}",
                            "functions:",
                            "  - {name: python36-sayhi, service: function-sayhi36, instance: {min: 1, max: 10}}",
                            ""));
            return true;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Until the whole way is up: the manager may still be connecting. */
    private static void awaitAnswer(Client publisher, Client subscriber) throws Exception {
        for (int i = 0; i < 100; i++) {
            publisher.publish("bench/in", event(0));
            publisher.flush();
            if (subscriber.awaitMessage(300)) {
                while (subscriber.awaitMessage(500)) {
                    // Answers to earlier ones.
                }
                return;
            }
        }
        throw new IllegalStateException("no function answers");
    }

    private static byte[] event(int number) {
        return String.format(EVENT, number).getBytes(StandardCharsets.UTF_8);
    }

    private static double[] roundTrips(Client publisher, Client subscriber, String topic) throws Exception {
        double[] millis = new double[ROUND_TRIPS];
        for (int i = 0; i < ROUND_TRIPS; i++) {
            byte[] event = event(i);
            long begin = System.nanoTime();
            publisher.publish(topic, event);
            publisher.flush();
            subscriber.readMessage();
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(millis);
        return millis;
    }

    /** Messages a second from publisher to subscriber with a window of messages in flight. */
    private static double pump(Client publisher, Client subscriber, String topic, int count) throws Exception {
        Semaphore window = new Semaphore(WINDOW);
        Thread reader = new Thread(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    subscriber.readMessage();
                    window.release();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        byte[] event = event(1);
        long begin = System.nanoTime();
        reader.start();
        for (int i = 0; i < count; i++) {
            if (!window.tryAcquire()) {
                publisher.flush();
                if (!window.tryAcquire(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("a message was lost on " + topic + " after " + i);
                }
            }
            publisher.publish(topic, event);
        }
        publisher.flush();
        reader.join();
        return count / ((System.nanoTime() - begin) / 1e9);
    }

    /** A gateway in a work directory of its own. */
    private final class Gateway implements AutoCloseable {
        private final Path work;
        private final int port;
        private long begin;
        private Process process;

        Gateway(Predicate<Path> prepare) throws IOException {
            work = Files.createTempDirectory("benchmark");
            try (Stream<Path> files = Files.walk(example)) {
                for (Path file : files.toList()) {
                    Path target = work.resolve(example.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target);
                    }
                }
            }
            prepare.test(work);
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".yml")).toList()) {
                    Files.writeString(file, Files.readString(file).replace("1883", String.valueOf(port)));
                }
            }
            start();
        }

        private void start() throws IOException {
            begin = System.nanoTime();
            process = new ProcessBuilder(home.resolve("bin/openedge").toString(), "run", "-w", work.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("output").toFile())
                    .start();
        }

        private void stop() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }

        void awaitArchive() throws Exception {
            for (int i = 0; i < 600; i++) {
                Path archives = work.resolve("var/cache/archive");
                if (Files.isDirectory(archives)) {
                    try (Stream<Path> files = Files.list(archives)) {
                        if (files.count() == 2) {
                            return;
                        }
                    }
                }
                Thread.sleep(200);
            }
            throw new IllegalStateException("no archive is made:\n" + Files.readString(work.resolve("output")));
        }

        double statusMillis() throws Exception {
            long start = System.nanoTime();
            Process status = new ProcessBuilder(home.resolve("bin/openedge").toString(), "status", "-w", work.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (status.waitFor() != 0) {
                throw new IllegalStateException("status ended with " + status.exitValue());
            }
            return (System.nanoTime() - start) / 1e6;
        }

        double millis() {
            return (System.nanoTime() - begin) / 1e6;
        }

        void awaitApi() throws Exception {
            UnixDomainSocketAddress address =
                    UnixDomainSocketAddress.of(work.resolve("var/run/openedge/operator.sock"));
            byte[] request = "GET /v1/system/inspect HTTP/1.1\r\nHost: gateway\r\n\r\n".getBytes(StandardCharsets.UTF_8);
            await(() -> {
                try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                    channel.connect(address);
                    channel.write(ByteBuffer.wrap(request));
                    ByteBuffer answer = ByteBuffer.allocate(12);
                    while (answer.hasRemaining() && channel.read(answer) >= 0) {
                        // The status line first.
                    }
                    return new String(answer.array(), StandardCharsets.UTF_8).equals("HTTP/1.1 200");
                }
            });
        }

        void awaitHub() throws Exception {
            await(() -> {
                try (Client client = new Client(port, "probe")) {
                    return true;
                }
            });
        }

        private void await(Attempt attempt) throws Exception {
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (System.nanoTime() < limit) {
                try {
                    if (attempt.succeeds()) {
                        return;
                    }
                } catch (IOException notYet) {
                    Thread.sleep(2);
                }
            }
            throw new IllegalStateException("the gateway does not serve:\n" + Files.readString(work.resolve("output")));
        }

        /** Until the process uses less than two percent of a core for a second. */
        void awaitIdle() throws Exception {
            Thread.sleep(4_000); // the first look at the host is over
            long used = cpuTicks();
            for (int i = 0; i < 60; i++) {
                Thread.sleep(1_000);
                long now = cpuTicks();
                if (now - used < 2) {
                    return;
                }
                used = now;
            }
            throw new IllegalStateException("the gateway never rests");
        }

        private long cpuTicks() throws IOException {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }

        double memory(String file, String key) throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/" + file))) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
                }
            }
            throw new IllegalStateException(key);
        }

        @Override
        public void close() throws IOException, InterruptedException {
            stop();
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private interface Attempt {
        boolean succeeds() throws Exception;
    }

    /** As little of MQTT 3.1.1 as a load generator needs, QoS 0, so that it is no bottleneck. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Client(int port, String id) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LIMIT_MILLIS);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65536));
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 65536));
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(body);
            fields.writeUTF("MQTT");
            fields.write(new byte[] {4, (byte) 0xC2, 0, 0});
            fields.writeUTF(id);
            fields.writeUTF("test");
            fields.writeUTF("hahaha");
            packet(0x10, body.toByteArray());
            flush();
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
            packet(0x82, body.toByteArray());
            flush();
            readPacket(0x90);
        }

        void publish(String topic, byte[] payload) throws IOException {
            byte[] name = topic.getBytes(StandardCharsets.UTF_8);
            out.write(0x30);
            length(2 + name.length + payload.length);
            out.writeShort(name.length);
            out.write(name);
            out.write(payload);
        }

        void flush() throws IOException {
            out.flush();
        }

        void readMessage() throws IOException {
            readPacket(0x30);
        }

        boolean awaitMessage(int millis) throws IOException {
            socket.setSoTimeout(millis);
            try {
                readMessage();
                return true;
            } catch (java.net.SocketTimeoutException nothing) {
                return false;
            } finally {
                socket.setSoTimeout(LIMIT_MILLIS);
            }
        }

        private void readPacket(int type) throws IOException {
            int first = in.readUnsignedByte();
            int length = 0;
            int shift = 0;
            int digit;
            do {
                digit = in.readUnsignedByte();
                length |= (digit & 0x7F) << shift;
                shift += 7;
            } while ((digit & 0x80) != 0);
            in.skipNBytes(length);
            if ((first & 0xF0) != (type & 0xF0)) {
                throw new IOException("packet " + first + " instead of " + type);
            }
        }

        private void packet(int type, byte[] body) throws IOException {
            out.write(type);
            length(body.length);
            out.write(body);
        }

        private void length(int length) throws IOException {
            int rest = length;
            do {
                int digit = rest & 0x7F;
                rest >>>= 7;
                out.write(rest > 0 ? digit | 0x80 : digit);
            } while (rest > 0);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
