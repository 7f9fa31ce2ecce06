import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Updates an application over the operator's socket. A hundred connections lie open and a pair of clients exchanges QoS 1
 * messages, while first another service is changed, then the function manager, through which every message goes, then the
 * runtime of the function.
 */
public final class Update {
    private static final int CONNECTIONS = 100;
    private static final int SERVICES = 30;
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);
    private static final String APPLICATION = "var/db/openedge/application.yml";
    private static final String WINDOW = "\n    health: {window: 500ms}";

    private final BenchmarkGateway gateway;
    private final int rounds;
    private int version;

    private Update(BenchmarkGateway gateway, int rounds) {
        this.gateway = gateway;
        this.rounds = rounds;
    }

    /** HOME EXAMPLE ROUNDS */
    public static void main(String[] args) throws Exception {
        try (BenchmarkGateway gateway = new BenchmarkGateway(Path.of(args[0]), "update")) {
            gateway.copy(Path.of(args[1]));
            Update update = new Update(gateway, Integer.parseInt(args[2]));
            update.prepare();
            gateway.openedge("start");
            try {
                System.out.println("| updates | connections lost | QoS 1 messages lost | of | twice |\n|---|---|---|---|---|");
                update.pair("timer", update.rounds, "pair", "pair", 5);
                update.pair("function-manager", update.rounds, "t", "t/py3hi", 20);
                update.pair("function-sayhi36", Math.max(1, update.rounds / 5), "t", "t/py3hi", 20);
                update.many();
            } finally {
                gateway.openedge("stop");
            }
        }
    }

    private void prepare() throws IOException {
        gateway.write(
                "var/db/openedge/timer-conf/service.yml",
                "hub: {address: 'tcp://localhub:" + gateway.port + "', username: test, password: hahaha}\n"
                        + "timer: {interval: 1s}\npublish: {topic: timer}\n");
        gateway.write(
                APPLICATION,
                gateway.read(APPLICATION)
                                .replace("image: openedge-function-manager", "image: openedge-function-manager" + WINDOW)
                                .replace(
                                        "image: openedge-function-python36",
                                        "image: openedge-function-python36" + WINDOW)
                                .replace("volumes:", service("timer") + "volumes:")
                        + "  - {name: timer-conf, path: var/db/openedge/timer-conf}\n");
    }

    private static String service(String name) {
        return "  - name: " + name + "\n    image: openedge-timer" + WINDOW + "\n    replica: 1\n"
                + "    mounts: [{name: timer-conf, path: etc/openedge, readonly: true}]\n";
    }

    /** Changes one service in each round, while messages go from one topic to another. */
    private void pair(String changed, int times, String from, String to, int pause) throws Exception {
        Pair[] idle = new Pair[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            idle[i] = new Pair(gateway.port, "idle-" + i);
        }
        try (Pair sender = new Pair(gateway.port, "sender-" + changed);
                Pair receiver = new Pair(gateway.port, "receiver-" + changed, to)) {
            AtomicInteger sent = new AtomicInteger();
            Thread sending = new Thread(() -> send(sender, from, sent, pause));
            sending.start();
            for (int round = 0; round < times; round++) {
                update(changed);
            }
            sending.interrupt();
            sending.join();
            long end = System.nanoTime() + LIMIT;
            while (receiver.ids.size() < sent.get() && System.nanoTime() < end) {
                Thread.sleep(100);
            }
            long lost = Stream.of(idle).filter(client -> client.lost).count()
                    + (sender.lost ? 1 : 0)
                    + (receiver.lost ? 1 : 0);
            System.out.printf(
                    "| %d of %s | %d of %d | %d | %d | %d |%n",
                    times,
                    changed,
                    lost,
                    CONNECTIONS + 2,
                    sent.get() - receiver.ids.size(),
                    sent.get(),
                    receiver.messages.get() - receiver.ids.size());
        } finally {
            for (Pair client : idle) {
                client.close();
            }
        }
    }

    private static void send(Pair sender, String topic, AtomicInteger sent, int pause) {
        try {
            while (true) {
                sender.publish(topic, "{\"id\": " + (sent.get() + 1) + "}");
                sent.incrementAndGet();
                Thread.sleep(pause);
            }
        } catch (InterruptedException over) {
            return;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An application of 30 services, of which each round changes one. */
    private void many() throws Exception {
        StringBuilder more = new StringBuilder();
        IntStream.range(5, SERVICES).forEach(number -> more.append(service("timer-" + number)));
        String text = gateway.read(APPLICATION).replace("500ms", "1ms").replace("volumes:", more + "volumes:");
        gateway.write("next.yml", text);
        gateway.update("next.yml");
        long[] nanos = new long[rounds];
        for (int round = 0; round < rounds; round++) {
            nanos[round] = update("timer-" + (5 + round % (SERVICES - 5)));
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%nAn update that changes one of %d services, window 1 ms: p50 %.0f ms, p99 %.0f ms, max %.0f ms%n",
                SERVICES,
                nanos[rounds / 2] / 1e6,
                nanos[(int) Math.ceil(rounds * 0.99) - 1] / 1e6,
                nanos[rounds - 1] / 1e6);
    }

    private long update(String service) throws Exception {
        version++;
        String text = gateway.read(APPLICATION);
        text = text.replaceFirst("version: .*", "version: u" + version)
                .replaceFirst(
                        "- name: " + service + "\n(    env: .*\n)?",
                        "- name: " + service + "\n    env: {N: '" + version + "'}\n");
        gateway.write("next.yml", text);
        long begun = System.nanoTime();
        gateway.update("next.yml");
        return System.nanoTime() - begun;
    }

    /** A client of QoS 1 that notes which messages came. */
    private static final class Pair implements AutoCloseable {
        private static final Pattern ID = Pattern.compile("\"id\": (\\d+)");

        private final BenchmarkClient client;
        private final Set<Integer> ids = ConcurrentHashMap.newKeySet();
        private final AtomicInteger messages = new AtomicInteger();
        private volatile boolean lost;
        private volatile boolean closing;

        Pair(int port, String id, String... filter) throws IOException {
            client = new BenchmarkClient(port, id);
            for (String one : filter) {
                client.subscribe(one, 1);
            }
            Thread reader = new Thread(this::read);
            reader.setDaemon(true);
            reader.start();
        }

        void publish(String topic, String payload) throws IOException {
            client.publishSafely(topic, payload.getBytes(StandardCharsets.UTF_8));
            client.flush();
        }

        private void read() {
            try {
                while (true) {
                    BenchmarkClient.Packet packet = client.read();
                    if (packet.type() == BenchmarkClient.PUBLISH) {
                        received(packet);
                    }
                }
            } catch (IOException e) {
                lost = !closing;
            }
        }

        private void received(BenchmarkClient.Packet packet) throws IOException {
            if (packet.qos() > 0) {
                client.acknowledge(packet.id());
            }
            Matcher id = ID.matcher(packet.payload());
            if (id.find()) {
                messages.incrementAndGet();
                ids.add(Integer.valueOf(id.group(1)));
            }
        }

        @Override
        public void close() throws IOException {
            closing = true;
            client.close();
        }
    }
}
