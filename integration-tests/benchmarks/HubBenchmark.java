import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares brokers on one machine in one go: each round gives each broker the same work in turn, and each figure is the
 * median of the rounds. The brokers run all the time, warm; only the one that is measured has something to do. The idle
 * connections have a fresh broker each time.
 *
 * <p>{@code HubBenchmark ROUNDS CONNECTIONS WORK INSTALLATION MOSQUITTO [MOQUETTE-CLASS-PATH]}; WORK is {@code all} or some
 * of {@code qos0,qos1,fan,latency,connects,idle}.
 */
public final class HubBenchmark {
    private static final Set<String> WORKS = new TreeSet<>(Set.of("qos0", "qos1", "fan", "latency", "connects", "idle"));
    private static final int WARM_UP_MILLIS = 5_000;
    private static final int LEAD_MILLIS = 500;
    private static final int RATE_MILLIS = 2_000;
    private static final int LATENCY_MILLIS = 3_000;
    private static final int CONNECTS = 2_000;
    /** A virtual machine compiles late what runs only once a connection. */
    private static final int WARM_UP_CROWDS = 40;
    private static final int IDLE_ROUNDS = 3;

    private final int rounds;
    private final int connections;
    private final Set<String> works;
    private final Map<HubBenchmarkBroker.Kind, String> programs = new EnumMap<>(HubBenchmarkBroker.Kind.class);
    private final Map<HubBenchmarkBroker.Kind, long[]> faults = new EnumMap<>(HubBenchmarkBroker.Kind.class);

    private final Row qos0 = new Row("4 publishers → 4 subscribers, QoS 0, messages a second", "≥ 6 ×");
    private final Row qos1 = new Row("the same at QoS 1 (ours synced to disk)", "≥ 4 ×");
    private final Row fan = new Row("1 → 50, QoS 0, deliveries a second", "≥ 6 ×");
    private final Row p50 = new Row("1,000 messages a second, QoS 0, latency p50, µs", "≤ 1.3 ×");
    private final Row p99 = new Row("1,000 messages a second, QoS 0, latency p99, µs", "≤ 1.3 ×");
    private final Row connects = new Row("2,000 connects with a subscription, a second", "≥ 1 ×");
    private final Row held;
    private final Row bytes = new Row("PSS of a connection, bytes", "");

    private HubBenchmark(String[] args) {
        rounds = Integer.parseInt(args[0]);
        connections = Integer.parseInt(args[1]);
        works = args[2].equals("all") ? WORKS : Set.of(args[2].split(","));
        if (!WORKS.containsAll(works)) {
            throw new IllegalArgumentException("work " + args[2] + "; allowed: all, or some of " + WORKS);
        }
        programs.put(HubBenchmarkBroker.Kind.MOSQUITTO, args[4]);
        programs.put(HubBenchmarkBroker.Kind.OPENEDGE, args[3]);
        if (args.length > 5) {
            programs.put(HubBenchmarkBroker.Kind.MOQUETTE, args[5]);
        }
        programs.keySet().forEach(kind -> faults.put(kind, new long[2]));
        held = new Row(String.format("%,d idle connections, held", connections), "all");
    }

    /** One line of the table. */
    private static final class Row {
        private final String title;
        private final String floor;
        private final Map<HubBenchmarkBroker.Kind, List<Double>> values = new EnumMap<>(HubBenchmarkBroker.Kind.class);
        private final Map<HubBenchmarkBroker.Kind, List<Double>> busy = new EnumMap<>(HubBenchmarkBroker.Kind.class);

        /** @param floor what the ratio to mosquitto has to be */
        Row(String title, String floor) {
            this.title = title;
            this.floor = floor;
        }

        static void add(Map<HubBenchmarkBroker.Kind, List<Double>> to, HubBenchmarkBroker broker, double value) {
            to.computeIfAbsent(broker.kind, kind -> new ArrayList<>()).add(value);
        }

        static double median(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
        }

        String cell(HubBenchmarkBroker.Kind kind) {
            List<Double> all = values.get(kind);
            if (all == null) {
                return "failed";
            }
            List<Double> sorted = all.stream().sorted().toList();
            return String.format("%,.0f (%,.0f–%,.0f)", median(all), sorted.get(0), sorted.get(sorted.size() - 1));
        }

        String ratio(HubBenchmarkBroker.Kind kind) {
            List<Double> all = values.get(kind);
            List<Double> reference = values.get(HubBenchmarkBroker.Kind.MOSQUITTO);
            return all == null || reference == null ? "–" : String.format("%.2f ×", median(all) / median(reference));
        }
    }

    private interface Work {
        void measure(HubBenchmarkBroker broker, HubBenchmarkLoad load) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        new HubBenchmark(args).run();
    }

    private void run() throws Exception {
        List<HubBenchmarkBroker> brokers = new ArrayList<>();
        try {
            for (Map.Entry<HubBenchmarkBroker.Kind, String> program : programs.entrySet()) {
                brokers.add(new HubBenchmarkBroker(program.getKey(), program.getValue()));
            }
            warmUp(brokers);
            each("qos0", brokers, rounds, (broker, load) -> rate(broker, qos0, load, 4, 1, 0, 256));
            each("qos1", brokers, rounds, (broker, load) -> rate(broker, qos1, load, 4, 1, 1, 64));
            each("fan", brokers, rounds, (broker, load) -> rate(broker, fan, load, 1, 50, 0, 256));
            each("latency", brokers, rounds, this::latency);
            each("connects", brokers, rounds, this::connects);
        } finally {
            for (HubBenchmarkBroker broker : brokers) {
                broker.close();
            }
        }
        for (int i = 0; works.contains("idle") && i < Math.min(rounds, IDLE_ROUNDS); i++) {
            for (Map.Entry<HubBenchmarkBroker.Kind, String> program : programs.entrySet()) {
                try (HubBenchmarkBroker broker = new HubBenchmarkBroker(program.getKey(), program.getValue())) {
                    each("idle", List.of(broker), 1, this::idle);
                }
            }
        }
        print();
    }

    private void warmUp(List<HubBenchmarkBroker> brokers) {
        each("qos0", brokers, 1, (broker, load) -> load.rate(4, 1, 0, 256, 0, WARM_UP_MILLIS));
        each("qos1", brokers, 1, (broker, load) -> load.rate(4, 1, 1, 64, 0, WARM_UP_MILLIS));
        each("fan", brokers, 1, (broker, load) -> load.rate(1, 50, 0, 256, 0, WARM_UP_MILLIS));
        each("latency", brokers, 1, (broker, load) -> load.latency(1_000, LATENCY_MILLIS));
        each("connects", brokers, WARM_UP_CROWDS, (broker, load) -> {
            try (HubBenchmarkLoad.Crowd crowd = load.new Crowd(true)) {
                crowd.connect(CONNECTS);
            }
        });
    }

    /** A broker that fails at some work is named, and has no figure for that round. */
    private void each(String name, List<HubBenchmarkBroker> brokers, int times, Work work) {
        for (int i = 0; works.contains(name) && i < times; i++) {
            for (HubBenchmarkBroker broker : brokers) {
                HubBenchmarkLoad load = new HubBenchmarkLoad(broker.port);
                try {
                    work.measure(broker, load);
                } catch (Exception e) {
                    System.err.println(broker.kind.title + " failed: " + e);
                }
                faults.get(broker.kind)[0] += load.lost;
                faults.get(broker.kind)[1] += load.disordered;
                HubBenchmarkBroker.pause(200);
            }
        }
    }

    private void rate(
            HubBenchmarkBroker broker, Row row, HubBenchmarkLoad load, int publishers, int each, int qos, int window)
            throws IOException {
        Row.add(row.values, broker, load.rate(publishers, each, qos, window, LEAD_MILLIS, RATE_MILLIS));
        Row.add(row.busy, broker, load.busy);
    }

    private void latency(HubBenchmarkBroker broker, HubBenchmarkLoad load) throws Exception {
        double[] micros = load.latency(1_000, LATENCY_MILLIS);
        Row.add(p50.values, broker, micros[micros.length / 2]);
        Row.add(p99.values, broker, micros[micros.length * 99 / 100]);
    }

    private void connects(HubBenchmarkBroker broker, HubBenchmarkLoad load) throws IOException {
        try (HubBenchmarkLoad.Crowd crowd = load.new Crowd(true)) {
            double seconds = crowd.connect(CONNECTS);
            if (crowd.held() == CONNECTS) {
                Row.add(connects.values, broker, CONNECTS / seconds);
            } else {
                System.err.println(broker.kind.title + " refused " + crowd.refused() + " of " + CONNECTS + " clients");
            }
        }
    }

    private void idle(HubBenchmarkBroker broker, HubBenchmarkLoad load) throws IOException {
        HubBenchmarkBroker.pause(2_000);
        long before = broker.pss();
        try (HubBenchmarkLoad.Crowd crowd = load.new Crowd(false)) {
            crowd.connect(connections);
            HubBenchmarkBroker.pause(3_000);
            long after = broker.pss();
            int there = crowd.held();
            Row.add(held.values, broker, there);
            Row.add(bytes.values, broker, (after - before) / (double) Math.max(1, there));
        }
    }

    private void print() {
        StringBuilder head = new StringBuilder("| work |");
        StringBuilder line = new StringBuilder("|---|");
        for (HubBenchmarkBroker.Kind kind : programs.keySet()) {
            boolean reference = kind == HubBenchmarkBroker.Kind.MOSQUITTO;
            head.append(' ').append(kind.title).append(reference ? " |" : " | ratio |");
            line.append(reference ? "---|" : "---|---|");
        }
        System.out.println(head + " floor |\n" + line + "---|");
        for (Row row : List.of(qos0, qos1, fan, p50, p99, connects, held, bytes)) {
            if (row.values.isEmpty()) {
                continue;
            }
            StringBuilder text = new StringBuilder("| " + row.title + " |");
            for (HubBenchmarkBroker.Kind kind : programs.keySet()) {
                text.append(' ').append(row.cell(kind)).append(" |");
                if (kind != HubBenchmarkBroker.Kind.MOSQUITTO) {
                    text.append(' ').append(row == held ? "" : row.ratio(kind)).append(" |");
                }
            }
            System.out.println(text + " " + row.floor + " |");
        }
        System.out.println("\nMedians of " + rounds + " rounds (min–max); a ratio is that of the medians to mosquitto's.");
        programs.keySet().forEach(kind -> System.out.printf(
                "%s: %,d messages lost, %,d out of order; the generator's thread was busy %s of the time.%n",
                kind.title, faults.get(kind)[0], faults.get(kind)[1], busy(kind)));
    }

    private String busy(HubBenchmarkBroker.Kind kind) {
        List<String> parts = new ArrayList<>();
        for (Row row : List.of(qos0, qos1, fan)) {
            List<Double> busy = row.busy.get(kind);
            parts.add(busy == null ? "–" : String.format("%.0f %%", 100 * Row.median(busy)));
        }
        return String.join(", ", parts);
    }
}
