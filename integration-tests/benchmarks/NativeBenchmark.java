import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Native instances in a gateway of the distribution: from the first program's begin to the last one's, the gateway's
 * processor time and memory while they rest, and the stop of all. The programs themselves say when they begin.
 */
public final class NativeBenchmark {
    private static final int REST_SECONDS = 30;
    private static final double TICKS = 100;

    private final BenchmarkGateway gateway;
    private final int instances;

    private NativeBenchmark(BenchmarkGateway gateway, int instances) {
        this.gateway = gateway;
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
            try (BenchmarkGateway gateway = new BenchmarkGateway(Path.of(args[0]), "native")) {
                NativeBenchmark one = new NativeBenchmark(gateway, Integer.parseInt(args[2]));
                one.writeFiles();
                gateway.openedge("start"); // makes the archive of classes for the next one
                gateway.openedge("stop");
                Files.deleteIfExists(gateway.work.resolve("var/begins"));
                long began = System.nanoTime();
                gateway.openedge("start");
                start[round] = seconds(began);
                all[round] = one.fromFirstToLast();
                cpu[round] = one.processorAtRest();
                memory[round] = BenchmarkGateway.memory(gateway.pid(), "smaps_rollup", "Pss");
                long stopping = System.nanoTime();
                gateway.openedge("stop");
                stop[round] = seconds(stopping);
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
        gateway.write("etc/openedge/openedge.yml", "mode: native\ngrace: 5s\npidfile: var/run/openedge/openedge.pid\n"
                + "server: {address: 'unix://var/run/openedge/openedge.sock'}\n"
                + "logger: {path: var/log/openedge/openedge.log}\n");
        gateway.write("var/db/openedge/rest/package.yml", "entry: bin/rest\n");
        gateway.write(
                "var/db/openedge/rest/bin/rest",
                "#!/bin/bash\necho $EPOCHREALTIME >>" + gateway.work + "/var/begins\nexec sleep 100000\n");
        gateway.write(
                "var/db/openedge/application.yml",
                "version: v1\nservices: [{name: rest, image: rest, replica: " + instances
                        + ", mounts: [{name: rest, path: lib/openedge/rest}]}]\n"
                        + "volumes: [{name: rest, path: var/db/openedge/rest}]\n");
    }

    private double fromFirstToLast() throws IOException {
        List<Double> begins = Files.readAllLines(gateway.work.resolve("var/begins")).stream()
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
        long before = BenchmarkGateway.ticks(gateway.pid());
        pause(REST_SECONDS);
        return (BenchmarkGateway.ticks(gateway.pid()) - before) / TICKS / REST_SECONDS * 100;
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
}
