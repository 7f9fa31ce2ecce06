import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Native instances in a gateway of the distribution: from the first program's begin to the last one's, the gateway's
 * processor time and memory while they rest, and the stop of all. The programs themselves say when they begin.
 */
public final class NativeBenchmark {
    private static final int REST_SECONDS = 30;
    private static final double TICKS = 100;

    private final Path home;
    private final Path work;
    private final int instances;

    private NativeBenchmark(Path home, Path work, int instances) {
        this.home = home;
        this.work = work;
        this.instances = instances;
    }

    /** HOME ROUNDS INSTANCES */
    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[1]);
        double[] start = new double[rounds];
        double[] all = new double[rounds];
        double[] cpu = new double[rounds];
        double[] memory = new double[rounds];
        double[] stop = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            Path work = Files.createTempDirectory("native");
            try {
                NativeBenchmark one = new NativeBenchmark(Path.of(args[0]), work, Integer.parseInt(args[2]));
                one.writeFiles();
                one.openedge("start"); // makes the archive of classes for the next one
                one.openedge("stop");
                Files.deleteIfExists(work.resolve("var/begins"));
                long began = System.nanoTime();
                one.openedge("start");
                start[round] = seconds(began);
                all[round] = one.fromFirstToLast();
                cpu[round] = one.processorAtRest();
                memory[round] = one.memory();
                long stopping = System.nanoTime();
                one.openedge("stop");
                stop[round] = seconds(stopping);
            } finally {
                remove(work);
            }
        }
        System.out.printf(Locale.ROOT, "%s instances, median of %d rounds%n", args[2], rounds);
        System.out.printf(Locale.ROOT, "start of the gateway until all work      %8.2f s%n", median(start));
        System.out.printf(Locale.ROOT, "from the first program to the last       %8.2f s%n", median(all));
        System.out.printf(Locale.ROOT, "processor of the gateway at rest         %8.2f %% of a core%n", median(cpu));
        System.out.printf(Locale.ROOT, "memory of the gateway at rest (PSS)      %8.1f MB%n", median(memory));
        System.out.printf(Locale.ROOT, "stop of all and the gateway              %8.2f s%n", median(stop));
    }

    private void writeFiles() throws IOException {
        write("etc/openedge/openedge.yml", "mode: native\ngrace: 5s\npidfile: var/run/openedge/openedge.pid\n"
                + "server: {address: 'unix://var/run/openedge/openedge.sock'}\n"
                + "logger: {path: var/log/openedge/openedge.log}\n");
        write("var/db/openedge/rest/package.yml", "entry: bin/rest\n");
        write(
                "var/db/openedge/rest/bin/rest",
                "#!/bin/bash\necho $EPOCHREALTIME >>" + work + "/var/begins\nexec sleep 100000\n");
        write(
                "var/db/openedge/application.yml",
                "version: v1\nservices: [{name: rest, image: rest, replica: " + instances
                        + ", mounts: [{name: rest, path: lib/openedge/rest}]}]\n"
                        + "volumes: [{name: rest, path: var/db/openedge/rest}]\n");
    }

    private void write(String path, String text) throws IOException {
        Path file = work.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private double fromFirstToLast() throws IOException {
        List<Double> begins = Files.readAllLines(work.resolve("var/begins")).stream()
                .map(Double::valueOf)
                .sorted()
                .toList();
        if (begins.size() != instances) {
            throw new IllegalStateException(begins.size() + " programs began");
        }
        return begins.get(begins.size() - 1) - begins.get(0);
    }

    private double processorAtRest() throws Exception {
        pause(15);
        long before = ticks();
        pause(REST_SECONDS);
        return (ticks() - before) / TICKS / REST_SECONDS * 100;
    }

    private long ticks() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private double memory() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/smaps_rollup")).stream()
                        .filter(line -> line.startsWith("Pss:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / 1024.0;
    }

    private String pid() throws IOException {
        return Files.readString(work.resolve("var/run/openedge/openedge.pid")).strip();
    }

    private void openedge(String verb) throws Exception {
        Process process = new ProcessBuilder(home.resolve("bin/openedge").toString(), verb, "-w", work.toString())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(work.resolve("said").toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(
                    verb + ": " + Files.readString(work.resolve("said"), StandardCharsets.UTF_8));
        }
    }

    private static void pause(int seconds) throws InterruptedException {
        new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
