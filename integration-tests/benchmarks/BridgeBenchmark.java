import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Compares two ways from one broker to another: mosquitto with its own bridge, and OpenEdge with hub and bridge, each to a
 * mosquitto of its own. Each round gives each the same work in turn; figures are medians. All run all the time, warm.
 *
 * <p>{@code BridgeBenchmark ROUNDS INSTALLATION MOSQUITTO}
 */
public final class BridgeBenchmark {
    private static final int WARM_UP_MILLIS = 6_000;
    private static final int LEAD_MILLIS = 500;
    private static final int RATE_MILLIS = 2_000;
    private static final int LATENCY_MILLIS = 3_000;

    private static final String APPLICATION = """
            version: v1
            services:
              - {name: localhub, image: openedge-hub, replica: 1, mounts: [{name: hub, path: etc/openedge}]}
              - {name: remote, image: openedge-remote-mqtt, replica: 1, mounts: [{name: remote, path: etc/openedge}]}
            volumes:
              - {name: hub, path: var/db/openedge/hub}
              - {name: remote, path: var/db/openedge/remote}
            """;
    private static final String WINDOW = "message: {egress: {qos1: {buffer: {size: 1000}}}}\n";
    private static final String REMOTE = """
            hub: {address: 'tcp://localhub:NEAR', username: test, password: hahaha}
            remotes: [{name: far, address: 'tcp://127.0.0.1:FAR'}]
            rules:
              - {hub: {subscriptions: [{topic: 'bench/#', qos: 1}]}, remote: {name: far}}
            """;
    private static final String BRIDGE = """
            connection far
            address 127.0.0.1:FAR
            topic bench/# out 1
            cleansession false
            bridge_protocol_version mqttv311
            """;

    /** Processes that make one way. */
    private static final class Way implements AutoCloseable {
        final String title;
        final int near = freePort();
        final int far = freePort();
        final List<List<Double>> values = new ArrayList<>();
        private final List<Process> processes = new ArrayList<>();
        private final Path work = Files.createTempDirectory("bridge-benchmark");
        long lost;
        long disordered;

        Way(String title, String installation, String mosquitto) throws IOException {
            this.title = title;
            try {
                startAll(installation, mosquitto);
            } catch (IOException | RuntimeException e) {
                end(); // what they wrote stays
                throw e;
            }
        }

        private void startAll(String installation, String mosquitto) throws IOException {
            start(mosquitto, "-c", file("far.conf", BenchmarkFiles.MOSQUITTO.replace("PORT", String.valueOf(far))));
            awaitPort(far);
            if (installation.isEmpty()) {
                String conf = BenchmarkFiles.MOSQUITTO.replace("PORT", String.valueOf(near)) + BRIDGE;
                start(mosquitto, "-c", file("near.conf", conf));
            } else {
                file("var/db/openedge/application.yml", APPLICATION);
                file("var/db/openedge/hub/service.yml", BenchmarkFiles.HUB.replace("PORT", "NEAR") + WINDOW);
                file("var/db/openedge/remote/service.yml", REMOTE);
                file("etc/openedge/openedge.yml", BenchmarkFiles.OPENEDGE);
                start(installation + "/bin/openedge", "run", "-w", work.toString());
            }
            awaitPort(near);
        }

        private static int freePort() throws IOException {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            }
        }

        private String file(String name, String text) throws IOException {
            Path file = work.resolve(name);
            Files.createDirectories(file.getParent());
            String filled = text.replace("NEAR", String.valueOf(near))
                    .replace("FAR", String.valueOf(far))
                    .replace("USER", System.getProperty("user.name"));
            return Files.writeString(file, filled).toString();
        }

        private void start(String... line) throws IOException {
            processes.add(new ProcessBuilder(line)
                    .directory(work.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("output" + processes.size()).toFile())
                    .start());
        }

        private void awaitPort(int port) throws IOException {
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (System.nanoTime() < limit) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    return;
                } catch (IOException notYet) {
                    HubBenchmarkBroker.pause(20);
                }
            }
            throw new IOException(title + " does not serve; see " + work);
        }

        /** The bridge has its subscription once messages arrive. */
        void warmUp() throws Exception {
            HubBenchmarkBroker.pause(2_000);
            HubBenchmarkLoad load = new HubBenchmarkLoad(near, far);
            load.rate(4, 1, 0, 256, 0, WARM_UP_MILLIS);
            load.rate(4, 1, 1, 256, 0, WARM_UP_MILLIS);
            load.latency(1_000, LATENCY_MILLIS);
        }

        void add(int row, double value) {
            while (values.size() <= row) {
                values.add(new ArrayList<>());
            }
            values.get(row).add(value);
        }

        @Override
        public void close() throws IOException {
            end();
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }

        private void end() {
            for (Process process : processes) {
                process.destroy();
                try {
                    if (!process.waitFor(30, TimeUnit.SECONDS)) {
                        process.destroyForcibly().waitFor();
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static final List<String> ROWS = List.of(
            "4 publishers → bridge → 4 subscribers, QoS 0, messages a second",
            "the same at QoS 1",
            "1,000 messages a second, QoS 0, latency p50, µs",
            "1,000 messages a second, QoS 0, latency p99, µs");

    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[0]);
        try (Way mosquitto = new Way("mosquitto", "", args[2]);
                Way openedge = new Way("OpenEdge", args[1], args[2])) {
            List<Way> ways = List.of(mosquitto, openedge);
            for (Way way : ways) {
                way.warmUp();
            }
            for (int round = 0; round < rounds; round++) {
                for (Way way : ways) {
                    measure(way);
                }
            }
            print(mosquitto, openedge);
        }
    }

    private static void measure(Way way) throws Exception {
        HubBenchmarkLoad load = new HubBenchmarkLoad(way.near, way.far);
        way.add(0, load.rate(4, 1, 0, 256, LEAD_MILLIS, RATE_MILLIS));
        way.add(1, load.rate(4, 1, 1, 256, LEAD_MILLIS, RATE_MILLIS));
        double[] micros = load.latency(1_000, LATENCY_MILLIS);
        way.add(2, micros[micros.length / 2]);
        way.add(3, micros[micros.length * 99 / 100]);
        way.lost += load.lost;
        way.disordered += load.disordered;
    }

    private static void print(Way reference, Way ours) {
        System.out.println("| work | mosquitto and its bridge | OpenEdge's hub and bridge | ratio |");
        System.out.println("|---|---|---|---|");
        for (int row = 0; row < ROWS.size(); row++) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.2f × |%n",
                    ROWS.get(row),
                    cell(reference.values.get(row)),
                    cell(ours.values.get(row)),
                    median(ours.values.get(row)) / median(reference.values.get(row)));
        }
        for (Way way : List.of(reference, ours)) {
            System.out.printf(
                    Locale.ROOT, "%n%s: %,d messages lost, %,d out of order.%n", way.title, way.lost, way.disordered);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    private static String cell(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT, "%,.0f (%,.0f–%,.0f)", median(values), sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
