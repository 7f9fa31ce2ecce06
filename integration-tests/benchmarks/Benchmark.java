import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures a gateway of the distribution from outside, over its real sockets: start, memory at rest, round trip and rate
 * of a Python function, and the hub's own rate in the same run. Each figure is the median of the rounds.
 *
 * <p>Arguments: INSTALLATION EXAMPLE ROUNDS.
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
        try (Gateway old = new Gateway(files -> options(files, "-Dopenedge.archive.after=0"))) {
            old.awaitArchive();
            old.stop();
            // In turn, so that what else the machine does hits both.
            for (int i = 0; i < rounds; i++) {
                try (Gateway gateway = new Gateway(files -> options(files, "-Dopenedge.archive=off"))) {
                    first.measure(i, gateway);
                }
                old.start();
                later.measure(i, old);
                old.stop();
            }
        }
        first.print("first start");
        later.print("later start, with the archive of classes");
        try (Gateway gateway = new Gateway(Benchmark::oneRule)) {
            gateway.awaitApi();
            gateway.awaitHub();
            measureMessages(gateway.files.port);
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
            rss[round] = gateway.memory("status", "VmRSS");
            pss[round] = gateway.memory("smaps_rollup", "Pss");
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
        try (BenchmarkClient publisher = new BenchmarkClient(port, "bench-pub");
                BenchmarkClient subscriber = new BenchmarkClient(port, "bench-sub")) {
            subscriber.limit(LIMIT_MILLIS);
            subscriber.subscribe("bench/out", 0);
            subscriber.subscribe("plain", 0);
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

    private static void options(BenchmarkGateway files, String line) throws IOException {
        files.write("etc/openedge/jvm.options", line + "\n");
    }

    /** Only one function listens, so that each message has one answer. */
    private static void oneRule(BenchmarkGateway files) throws IOException {
        options(files, "-Dopenedge.archive=off");
        files.write(
                "var/db/openedge/function-manager-conf/service.yml",
                String.join(
                        "\n",
                        "hub: {address: 'tcp://localhub:" + files.port + "', username: test, password: hahaha}",
                        "rules:",
                        "  - clientid: bench",
                        "    subscribe: {topic: bench/in}",
                        "    function: {name: python36-sayhi}",
                        "    publish: {topic: bench/out}",
                        "functions:",
                        "  - {name: python36-sayhi, service: function-sayhi36, instance: {min: 1, max: 10}}",
                        ""));
    }

    /** Until the whole way is up: the manager may still be connecting. */
    private static void awaitAnswer(BenchmarkClient publisher, BenchmarkClient subscriber) throws Exception {
        for (int i = 0; i < 100; i++) {
            publisher.publish("bench/in", event(0));
            publisher.flush();
            if (comes(subscriber, 300)) {
                while (comes(subscriber, 500)) {
                    // Answers to earlier ones.
                }
                return;
            }
        }
        throw new IllegalStateException("no function answers");
    }

    private static boolean comes(BenchmarkClient subscriber, int millis) throws IOException {
        subscriber.limit(millis);
        try {
            subscriber.read();
            return true;
        } catch (SocketTimeoutException nothing) {
            return false;
        } finally {
            subscriber.limit(LIMIT_MILLIS);
        }
    }

    private static byte[] event(int number) {
        return String.format(EVENT, number).getBytes(StandardCharsets.UTF_8);
    }

    private static double[] roundTrips(BenchmarkClient publisher, BenchmarkClient subscriber, String topic) throws Exception {
        double[] millis = new double[ROUND_TRIPS];
        for (int i = 0; i < ROUND_TRIPS; i++) {
            byte[] event = event(i);
            long begin = System.nanoTime();
            publisher.publish(topic, event);
            publisher.flush();
            subscriber.read();
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(millis);
        return millis;
    }

    /** Messages a second from publisher to subscriber with a window of messages in flight. */
    private static double pump(BenchmarkClient publisher, BenchmarkClient subscriber, String topic, int count) throws Exception {
        Semaphore window = new Semaphore(WINDOW);
        Thread reader = new Thread(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    subscriber.read();
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

    /** A gateway that runs in the foreground, and when it was started. */
    private final class Gateway implements AutoCloseable {
        private final BenchmarkGateway files;
        private long begin;
        private Process process;

        Gateway(Preparation prepare) throws IOException {
            files = new BenchmarkGateway(home, "benchmark");
            files.copy(example);
            prepare.of(files);
            start();
        }

        private void start() throws IOException {
            begin = System.nanoTime();
            process = files.command("run");
        }

        private void stop() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }

        void awaitArchive() throws Exception {
            Path archives = files.work.resolve("var/cache/archive");
            for (int i = 0; i < 600; i++) {
                if (Files.isDirectory(archives)) {
                    try (Stream<Path> made = Files.list(archives)) {
                        if (made.count() == 2) {
                            return;
                        }
                    }
                }
                Thread.sleep(200);
            }
            throw new IllegalStateException("no archive is made:\n" + files.said("run"));
        }

        double statusMillis() throws Exception {
            long start = System.nanoTime();
            files.openedge("status");
            return (System.nanoTime() - start) / 1e6;
        }

        double millis() {
            return (System.nanoTime() - begin) / 1e6;
        }

        void awaitApi() throws Exception {
            await(() -> files.operator("GET", "/v1/system/inspect", "").startsWith("HTTP/1.1 200"));
        }

        void awaitHub() throws Exception {
            await(() -> {
                try (BenchmarkClient client = new BenchmarkClient(files.port, "probe")) {
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
            throw new IllegalStateException("the gateway does not serve:\n" + files.said("run"));
        }

        /** Until the process uses less than two percent of a core for a second. */
        void awaitIdle() throws Exception {
            Thread.sleep(4_000); // the first look at the host is over
            long used = BenchmarkGateway.ticks(process.pid());
            for (int i = 0; i < 60; i++) {
                Thread.sleep(1_000);
                long now = BenchmarkGateway.ticks(process.pid());
                if (now - used < 2) {
                    return;
                }
                used = now;
            }
            throw new IllegalStateException("the gateway never rests");
        }

        double memory(String file, String key) throws IOException {
            return BenchmarkGateway.memory(process.pid(), file, key);
        }

        @Override
        public void close() throws IOException, InterruptedException {
            stop();
            files.close();
        }
    }

    private interface Preparation {
        void of(BenchmarkGateway files) throws IOException;
    }

    private interface Attempt {
        boolean succeeds() throws Exception;
    }
}
