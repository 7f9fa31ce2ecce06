import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Compares stores for the messages of the hub: durable, with group commit (a batch is what came during the last sync).
 * Each measurement has a process and a folder of its own; each figure is the median of the rounds.
 *
 * <p>{@code StoreBenchmark run ROUNDS FOLDER}
 */
public final class StoreBenchmark {
    private static final int PRODUCERS = 4;
    private static final int WINDOW = 256;
    private static final int PAYLOAD = 128;
    private static final int LEAD_MILLIS = 2_000;
    private static final int MILLIS = 3_000;
    /** So many messages wait for their subscriber in the row that forgets. */
    private static final int WAITING = 10_000;
    private static final int BATCH = 1_000;
    private static final String HEAP = "-Xmx192m";

    private final int rounds;
    private final Path folder;
    private final Map<StoreBenchmarkStore.Kind, Map<String, List<Double>>> results =
            new EnumMap<>(StoreBenchmarkStore.Kind.class);

    private StoreBenchmark(int rounds, Path folder) {
        this.rounds = rounds;
        this.folder = folder;
    }

    public static void main(String[] args) {
        try {
            act(args);
        } catch (Exception | Error e) { // stores have threads that would go on
            e.printStackTrace();
            System.err.flush();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void act(String[] args) throws Exception {
        switch (args[0]) {
            case "run" -> new StoreBenchmark(Integer.parseInt(args[1]), Path.of(args[2])).run();
            case "append" -> load(kind(args[1]), Path.of(args[2]), PRODUCERS, WINDOW, false);
            case "forget" -> load(kind(args[1]), Path.of(args[2]), PRODUCERS, WINDOW, true);
            case "single" -> load(kind(args[1]), Path.of(args[2]), 1, 1, true);
            case "fill" -> fill(kind(args[1]), Path.of(args[2]), Integer.parseInt(args[3]));
            case "read" -> read(kind(args[1]), Path.of(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static StoreBenchmarkStore.Kind kind(String name) {
        return StoreBenchmarkStore.Kind.valueOf(name);
    }

    // One measurement, in a process of its own that ends as kill -9 would end it

    /** A message on its way to the disk. */
    private record Unsafe(Semaphore window, byte[] payload) {}

    private static void load(
            StoreBenchmarkStore.Kind kind, Path directory, int producers, int window, boolean forgetting)
            throws Exception {
        StoreBenchmarkStore store = kind.open(directory);
        ArrayBlockingQueue<Unsafe> queue = new ArrayBlockingQueue<>(producers * window);
        for (int i = 0; i < producers; i++) {
            Thread producer = new Thread(() -> produce(queue, window));
            producer.setDaemon(true);
            producer.start();
        }
        long[] nanos = new long[4_000_000];
        int syncs = 0;
        long number = 0;
        long forgotten = 0;
        long counted = 0;
        List<Unsafe> batch = new ArrayList<>();
        List<byte[]> payloads = new ArrayList<>();
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAD_MILLIS);
        long end = begin + TimeUnit.MILLISECONDS.toNanos(MILLIS);
        long now = System.nanoTime();
        while (now < end) {
            batch.clear();
            payloads.clear();
            batch.add(queue.take());
            queue.drainTo(batch);
            batch.forEach(unsafe -> payloads.add(unsafe.payload()));
            long to = forgetting ? Math.max(forgotten, number - WAITING) : 0;
            long before = System.nanoTime();
            store.commit(payloads, number, forgotten, to);
            now = System.nanoTime();
            forgotten = to;
            number += batch.size();
            batch.forEach(unsafe -> unsafe.window().release());
            if (before >= begin) {
                nanos[syncs++] = now - before;
                counted += batch.size();
            }
        }
        Arrays.sort(nanos, 0, syncs);
        tell(
                counted * 1e9 / (now - begin),
                nanos[syncs / 2] / 1e3,
                nanos[(int) (syncs * 0.99)] / 1e3,
                (double) counted / syncs,
                resident(),
                (double) bytes(directory) / Math.max(1, number),
                bytes(directory));
        Runtime.getRuntime().halt(0);
    }

    private static void produce(ArrayBlockingQueue<Unsafe> queue, int unacknowledged) {
        Semaphore window = new Semaphore(unacknowledged);
        byte[] noise = noise();
        try {
            for (int at = 0; true; at = (at + PAYLOAD) % (noise.length - PAYLOAD)) {
                window.acquire();
                queue.put(new Unsafe(window, Arrays.copyOfRange(noise, at, at + PAYLOAD)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** No store shall gain by compressing. */
    private static byte[] noise() {
        byte[] noise = new byte[1 << 20];
        new Random(4).nextBytes(noise);
        return noise;
    }

    private static void fill(StoreBenchmarkStore.Kind kind, Path directory, int count) throws Exception {
        StoreBenchmarkStore store = kind.open(directory);
        List<byte[]> batch = new ArrayList<>();
        byte[] noise = noise();
        for (int i = 0; i < BATCH; i++) {
            batch.add(Arrays.copyOfRange(noise, i * PAYLOAD, (i + 1) * PAYLOAD));
        }
        for (int i = 0; i < count; i += BATCH) {
            store.commit(batch, i, 0, 0);
        }
        tell(bytes(directory));
        Runtime.getRuntime().halt(0);
    }

    private static void read(StoreBenchmarkStore.Kind kind, Path directory) throws Exception {
        long begin = System.nanoTime();
        StoreBenchmarkStore store = kind.open(directory);
        long count = store.read();
        tell((System.nanoTime() - begin) / 1e9, count, resident());
        Runtime.getRuntime().halt(0);
    }

    private static void tell(double... figures) {
        StringBuilder line = new StringBuilder("figures");
        for (double figure : figures) {
            line.append(' ').append(figure);
        }
        System.out.println(line);
        System.out.flush();
    }

    private static double resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("no VmRSS");
    }

    /** What the file system really gave. */
    private static long bytes(Path directory) throws IOException {
        Process du = new ProcessBuilder("du", "-s", "--block-size=1", directory.toString()).start();
        return Long.parseLong(new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .replaceAll("\\s.*\\s*", ""));
    }

    // All of them

    private void run() throws Exception {
        for (int round = 0; round < rounds; round++) {
            for (StoreBenchmarkStore.Kind kind : StoreBenchmarkStore.Kind.values()) {
                load(kind, "append");
                load(kind, "forget");
                load(kind, "single");
                if (kind != StoreBenchmarkStore.Kind.NONE) {
                    reopen(kind, 100_000);
                    reopen(kind, 1_000_000);
                }
            }
        }
        print();
    }

    private void load(StoreBenchmarkStore.Kind kind, String row) throws Exception {
        Path directory = Files.createDirectories(folder).resolve("store");
        double[] figures = child(row, kind, directory);
        for (int i = 0; i < figures.length; i++) {
            add(kind, row + i, figures[i]);
        }
        delete(directory);
    }

    private void reopen(StoreBenchmarkStore.Kind kind, int count) throws Exception {
        Path directory = Files.createDirectories(folder).resolve("store");
        add(kind, "bytes" + count, child("fill", kind, directory, String.valueOf(count))[0]);
        try {
            double[] figures = child("read", kind, directory);
            if (figures[1] != count) {
                throw new IOException(kind + " has " + figures[1] + " of " + count);
            }
            add(kind, "open" + count, figures[0]);
            add(kind, "openrss" + count, figures[2]);
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
        delete(directory);
    }

    private void add(StoreBenchmarkStore.Kind kind, String row, double value) {
        results.computeIfAbsent(kind, any -> new LinkedHashMap<>())
                .computeIfAbsent(row, any -> new ArrayList<>())
                .add(value);
    }

    private static double[] child(String what, StoreBenchmarkStore.Kind kind, Path directory, String... more)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                HEAP,
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                "StoreBenchmark",
                what,
                kind.name(),
                directory.toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines()
                .filter(line -> line.startsWith("figures "))
                .findFirst()
                .map(line -> Stream.of(line.substring(8).split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .orElseThrow(() -> new IOException(kind + " failed:\n" + output));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void print() {
        double mib = 1 << 20;
        print("4 producers, 256 unacknowledged each", List.of(
                new Column("messages/s", "append0", 1, 0),
                new Column("sync p50, µs", "append1", 1, 0),
                new Column("p99, µs", "append2", 1, 0),
                new Column("messages in a batch", "append3", 1, 0),
                new Column("RSS, MiB", "append4", mib, 0),
                new Column("bytes on disk a message", "append5", 1, 0)));
        print("the same, each message forgotten when 10,000 came after it", List.of(
                new Column("messages/s", "forget0", 1, 0),
                new Column("sync p50, µs", "forget1", 1, 0),
                new Column("p99, µs", "forget2", 1, 0),
                new Column("RSS, MiB", "forget4", mib, 0),
                new Column("disk, MiB", "forget6", mib, 0)));
        print("1 producer, 1 unacknowledged", List.of(
                new Column("messages/s", "single0", 1, 0),
                new Column("sync p50, µs", "single1", 1, 0),
                new Column("p99, µs", "single2", 1, 0),
                new Column("RSS, MiB", "single4", mib, 0),
                new Column("disk, MiB", "single6", mib, 0)));
        print("opened after kill -9, all messages read", List.of(
                new Column("100,000: s", "open100000", 1, 2),
                new Column("disk, MiB", "bytes100000", mib, 1),
                new Column("RSS, MiB", "openrss100000", mib, 0),
                new Column("1,000,000: s", "open1000000", 1, 2),
                new Column("disk, MiB", "bytes1000000", mib, 1),
                new Column("RSS, MiB", "openrss1000000", mib, 0)));
        System.out.println("Medians of " + rounds + " rounds (min–max); heap " + HEAP + ", of which the load takes most.");
    }

    /** @param row name of the figures */
    private record Column(String title, String row, double unit, int digits) {}

    private void print(String work, List<Column> columns) {
        StringBuilder head = new StringBuilder("| " + work + " |");
        columns.forEach(column -> head.append(' ').append(column.title()).append(" |"));
        System.out.println(head + "\n|" + "---|".repeat(columns.size() + 1));
        results.forEach((kind, rows) -> {
            StringBuilder line = new StringBuilder("| " + kind.title());
            columns.forEach(column -> line.append(cell(rows, column.row(), column.unit(), column.digits())));
            System.out.println(line + " |");
        });
        System.out.println();
    }

    private static String cell(Map<String, List<Double>> rows, String row, double unit, int digits) {
        List<Double> values = rows.getOrDefault(row, List.of()).stream().sorted().toList();
        if (values.isEmpty()) {
            return " | –";
        }
        double median = (values.get((values.size() - 1) / 2) + values.get(values.size() / 2)) / 2;
        String form = "%,." + digits + "f";
        return String.format(
                Locale.ROOT,
                " | " + form + " (" + form + "–" + form + ")",
                median / unit,
                values.get(0) / unit,
                values.get(values.size() - 1) / unit);
    }
}
