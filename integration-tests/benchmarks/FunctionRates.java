import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * From hub to hub through functions of one gateway of the distribution, beside the hub's own rate and the worker's loop fed
 * from a file, in the same run: each round measures everything in turn, and each figure is the median of the rounds. The
 * functions return what they get; messages are JSON of 128 bytes at QoS 0.
 *
 * <p>{@code FunctionRates INSTALLATION ECHO-JAR ROUNDS}
 */
public final class FunctionRates {
    private static final String EVENT = "{\"id\":1%07d,\"device\":\"press-17\",\"temperature\":71.25,\"unit\":\"C\","
            + "\"pressure\":1013.25,\"state\":\"running\",\"seq\":\"0000000000\"}";
    private static final String PYTHON = "/usr/bin/python3";
    private static final int WINDOW = 256;
    private static final int ROUND_TRIPS = 3_000;
    private static final long RATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final int WARM_UPS = 8;
    private static final int FRAMES = 100_000;
    private static final List<String> WAYS = List.of("hub", "java", "one", "two");

    private static final byte[] LAST = "\"last\"".getBytes(StandardCharsets.UTF_8);
    private static final int LONGEST_ANSWER = 256;
    private static final int SHORTEST_ANSWER = 64;
    static final int LIMIT_MILLIS = 30_000;

    private final Path home;
    private final int rounds;
    private final BenchmarkGateway gateway;

    private FunctionRates(Path home, Path echo, int rounds) throws IOException {
        this.home = home;
        this.rounds = rounds;
        gateway = new BenchmarkGateway(home, "function-rates");
        write("etc/openedge/openedge.yml", "mode: osgi", "pidfile: var/run/openedge/openedge.pid",
                "server: {address: 'unix://var/run/openedge/openedge.sock'}");
        String service = "  - {name: %1$s, image: %2$s, replica: %3$d, mounts: [{name: %1$s, path: etc/openedge}%4$s]}";
        write("var/db/openedge/application.yml", "version: rates", "services:",
                String.format(service, "localhub", "openedge-hub", 1, ""),
                String.format(service, "manager", "openedge-function-manager", 1, ""),
                String.format(service, "python", "openedge-function-python36", 0, ", {name: code, path: code}"),
                "  - {name: java, image: echo, mounts: [{name: package, path: lib/openedge/echo}]}",
                "volumes:",
                "  - {name: localhub, path: var/db/openedge/localhub}",
                "  - {name: manager, path: var/db/openedge/manager}",
                "  - {name: python, path: var/db/openedge/python}",
                "  - {name: code, path: var/db/openedge/code}",
                "  - {name: package, path: var/db/openedge/package}");
        write("var/db/openedge/localhub/service.yml", "listen: ['tcp://127.0.0.1:" + gateway.port + "']",
                "principals: [{username: test, password: hahaha, permissions:"
                        + " [{action: pub, permit: ['#']}, {action: sub, permit: ['#']}]}]");
        write("var/db/openedge/manager/service.yml", manager().toArray(String[]::new));
        write("var/db/openedge/python/service.yml", "python: " + PYTHON, "functions:",
                "  - {name: one, handler: index.handler, codedir: code}",
                "  - {name: two, handler: index.handler, codedir: code}");
        write("var/db/openedge/code/index.py", "def handler(event, context):", "    return event");
        write("var/db/openedge/package/package.yml", "bundles: [lib/echo.jar]");
        Files.copy(echo, Files.createDirectories(gateway.work.resolve("var/db/openedge/package/lib")).resolve("echo.jar"));
    }

    private List<String> manager() {
        List<String> lines = new ArrayList<>(List.of(
                "hub: {address: 'tcp://127.0.0.1:" + gateway.port + "', username: test, password: hahaha}", "rules:"));
        WAYS.stream().skip(1).forEach(way -> lines.add("  - {clientid: " + way + ", subscribe: {topic: " + way
                + "/in}, function: {name: " + way + "}, publish: {topic: " + way + "/out}}"));
        lines.add("functions:");
        lines.add("  - {name: java, service: java, instance: {min: 1, max: 1}}");
        lines.add("  - {name: one, service: python, instance: {min: 1, max: 1}}");
        lines.add("  - {name: two, service: python, instance: {min: 2, max: 2}}");
        return lines;
    }

    private void write(String file, String... lines) throws IOException {
        gateway.write(file, String.join("\n", lines) + "\n");
    }

    public static void main(String[] args) throws Exception {
        new FunctionRates(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[2])).run();
    }

    private void run() throws Exception {
        try (gateway) {
            gateway.openedge("start");
            try {
                measure();
            } finally {
                gateway.openedge("stop");
            }
        }
    }

    private void measure() throws Exception {
        Map<String, double[]> rates = new LinkedHashMap<>();
        Map<String, double[]> trips = new LinkedHashMap<>();
        double[] loop = new double[rounds];
        try (BenchmarkClient publisher = new BenchmarkClient(gateway.port, "rates-pub");
                BenchmarkClient subscriber = new BenchmarkClient(gateway.port, "rates-sub")) {
            subscriber.limit(LIMIT_MILLIS);
            for (String way : WAYS) {
                subscriber.subscribe(way.equals("hub") ? "hub/in" : way + "/out", 0);
                awaitAnswer(way, publisher, subscriber);
                roundTrip(way, publisher, subscriber);
                for (int i = 0; i < WARM_UPS; i++) {
                    rate(way, publisher, subscriber);
                }
                rates.put(way, new double[rounds]);
                trips.put(way, new double[rounds]);
            }
            for (int i = 0; i < rounds; i++) {
                for (String way : WAYS) {
                    rates.get(way)[i] = rate(way, publisher, subscriber);
                    trips.get(way)[i] = roundTrip(way, publisher, subscriber);
                }
                loop[i] = FRAMES / (seconds(FRAMES) - seconds(1));
            }
        }
        double hub = median(rates.get("hub"));
        double alone = median(loop);
        System.out.printf("%n| %d in flight, messages a second | median of %d | min | max | |%n|---|---|---|---|---|%n", WINDOW, rounds);
        row("hub 1→1", rates.get("hub"), "");
        row("a Java function", rates.get("java"), String.format("%.0f %% of the hub's", 100 * median(rates.get("java")) / hub));
        row("the worker's loop, fed from a file", loop, "");
        row("one Python worker", rates.get("one"), String.format("%.0f %% of its loop", 100 * median(rates.get("one")) / alone));
        row("two Python workers", rates.get("two"),
                String.format("%.2f × one", median(rates.get("two")) / median(rates.get("one"))));
        System.out.printf("%n| one at a time, p50, ms | median of %d | min | max | |%n|---|---|---|---|---|%n", rounds);
        row("hub 1→1", trips.get("hub"), "");
        row("a Java function", trips.get("java"), more(trips, "java"));
        row("a Python worker", trips.get("one"), more(trips, "one"));
    }

    private static String more(Map<String, double[]> trips, String way) {
        return String.format("%.3f ms more", median(trips.get(way)) - median(trips.get("hub")));
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static void row(String figure, double[] values, String remark) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        String form = sorted[0] >= 100 ? "%,.0f" : "%.3f";
        System.out.printf("| %s | " + form + " | " + form + " | " + form + " | %s |%n",
                figure, median(values), sorted[0], sorted[sorted.length - 1], remark);
    }

    /** The worker of the installation, with so many calls as a file; the wall clock. */
    private double seconds(int calls) throws Exception {
        Path file = gateway.work.resolve("frames");
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            String hello = "{\"protocol\": 1, \"longest\": 4194304, \"functions\": [{\"name\": \"one\","
                    + " \"handler\": \"index.handler\", \"codedir\": \"" + gateway.work.resolve("var/db/openedge/code") + "\"}]}";
            frame(out, 1, 0, hello.getBytes(StandardCharsets.UTF_8));
            byte[] head = call();
            for (int i = 1; i <= calls; i++) {
                byte[] event = event(i);
                byte[] body = Arrays.copyOf(head, head.length + event.length);
                System.arraycopy(event, 0, body, head.length, event.length);
                frame(out, 3, i, body);
            }
        }
        long begin = System.nanoTime();
        Process worker = new ProcessBuilder(PYTHON, home.resolve("lib/python/openedge_function/worker.py").toString())
                .redirectInput(file.toFile())
                .redirectOutput(gateway.work.resolve("answers").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        worker.waitFor();
        double took = (System.nanoTime() - begin) / 1e9;
        if (Files.size(gateway.work.resolve("answers")) < calls * 128L) {
            throw new IllegalStateException("the worker does not answer a file");
        }
        return took;
    }

    /** What comes before the payload of a call. */
    private static byte[] call() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        String topic = "one/in";
        String name = "one";
        String id = "3f2c61d8-5d0f-4f0e-9c3f-0c4f5a1b2c3d";
        out.writeByte(0);
        out.writeLong(1_700_000_000L);
        out.writeShort(topic.length());
        out.writeShort(name.length());
        out.writeShort(id.length());
        out.writeBytes(topic + name + id);
        return bytes.toByteArray();
    }

    private static void frame(DataOutputStream out, int kind, long call, byte[] body) throws IOException {
        out.writeInt(9 + body.length);
        out.writeByte(kind);
        out.writeLong(call);
        out.write(body);
    }

    private static byte[] event(int number) {
        return String.format(EVENT, number).getBytes(StandardCharsets.UTF_8);
    }

    static void awaitAnswer(String way, BenchmarkClient publisher, BenchmarkClient subscriber) throws Exception {
        for (int i = 0; i < 100; i++) {
            publisher.publish(way + "/in", event(0));
            publisher.flush();
            if (awaitMessage(subscriber, 300)) {
                while (awaitMessage(subscriber, 500)) {
                    // Answers to earlier ones.
                }
                return;
            }
        }
        throw new IllegalStateException("no answer from " + way);
    }

    /** False for the one that ends a measurement. */
    private static boolean readMessage(BenchmarkClient subscriber) throws IOException {
        BenchmarkClient.Packet packet = subscriber.read();
        int length = packet.body().length;
        if (packet.type() != BenchmarkClient.PUBLISH || length > LONGEST_ANSWER) {
            throw new IOException("no answer, but a packet of " + length + " bytes");
        }
        return length > SHORTEST_ANSWER;
    }

    private static boolean awaitMessage(BenchmarkClient subscriber, int millis) throws IOException {
        subscriber.limit(millis);
        try {
            return readMessage(subscriber);
        } catch (SocketTimeoutException nothing) {
            return false;
        } finally {
            subscriber.limit(LIMIT_MILLIS);
        }
    }

    private static double roundTrip(String way, BenchmarkClient publisher, BenchmarkClient subscriber) throws IOException {
        double[] millis = new double[ROUND_TRIPS];
        for (int i = 0; i < ROUND_TRIPS; i++) {
            byte[] event = event(i);
            long begin = System.nanoTime();
            publisher.publish(way + "/in", event);
            publisher.flush();
            readMessage(subscriber);
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        return median(millis);
    }

    /** Messages a second from publisher to subscriber with a window of messages in flight. */
    private static double rate(String way, BenchmarkClient publisher, BenchmarkClient subscriber) throws Exception {
        return rate(way, publisher, subscriber, RATE_NANOS, () -> {});
    }

    /** @param answered runs for each answer, on a thread of its own */
    static double rate(
            String way, BenchmarkClient publisher, BenchmarkClient subscriber, long nanos, Runnable answered)
            throws Exception {
        Semaphore window = new Semaphore(WINDOW);
        long begin = System.nanoTime();
        long end = begin + nanos;
        Thread reader = new Thread(() -> {
            try {
                while (readMessage(subscriber)) {
                    answered.run();
                    window.release();
                }
                window.release();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.start();
        byte[] event = event(1);
        long count = 0;
        while (System.nanoTime() < end) {
            if (!window.tryAcquire()) {
                publisher.flush();
                if (!window.tryAcquire(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("a message of " + way + " was lost after " + count);
                }
            }
            publisher.publish(way + "/in", event);
            count++;
        }
        publisher.flush();
        if (!window.tryAcquire(WINDOW, 30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a message of " + way + " was lost after " + count);
        }
        double rate = count / ((System.nanoTime() - begin) / 1e9);
        publisher.publish(way + "/in", LAST);
        publisher.flush();
        reader.join();
        return rate;
    }
}
