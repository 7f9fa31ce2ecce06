import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a message that fails costs the good ones behind it: each round sends good ones through a Python function for a while,
 * alone, behind one that raises, and behind one that kills its worker, which has its three tries meanwhile. Good ones are
 * JSON of 128 bytes at QoS 0, 256 in flight; the function has one worker and returns what it gets.
 *
 * <p>{@code FunctionPoison INSTALLATION ROUNDS}
 */
public final class FunctionPoison {
    private static final String WAY = "poison";
    private static final List<String> BAD = List.of("", "\"raise\"", "\"kill\"");
    private static final List<String> NAMES = List.of("nothing", "one that raises", "one that kills its worker");
    private static final int SECONDS = 3;
    private static final int WARM_UPS = 3;

    private final BenchmarkGateway gateway;

    private FunctionPoison(Path home) throws IOException {
        gateway = new BenchmarkGateway(home, "function-poison");
        write("etc/openedge/openedge.yml", "mode: osgi", "pidfile: var/run/openedge/openedge.pid",
                "server: {address: 'unix://var/run/openedge/openedge.sock'}");
        write("var/db/openedge/application.yml", "version: poison", "services:",
                "  - {name: localhub, image: openedge-hub, replica: 1, mounts: [{name: localhub, path: etc/openedge}]}",
                "  - {name: manager, image: openedge-function-manager, replica: 1, mounts:"
                        + " [{name: manager, path: etc/openedge}]}",
                "  - {name: python, image: openedge-function-python36, replica: 0, mounts:"
                        + " [{name: python, path: etc/openedge}, {name: code, path: code}]}",
                "volumes:",
                "  - {name: localhub, path: var/db/openedge/localhub}",
                "  - {name: manager, path: var/db/openedge/manager}",
                "  - {name: python, path: var/db/openedge/python}",
                "  - {name: code, path: var/db/openedge/code}");
        write("var/db/openedge/localhub/service.yml", "listen: ['tcp://127.0.0.1:" + gateway.port + "']",
                "principals: [{username: test, password: hahaha, permissions:"
                        + " [{action: pub, permit: ['#']}, {action: sub, permit: ['#']}]}]");
        write("var/db/openedge/manager/service.yml",
                "hub: {address: 'tcp://127.0.0.1:" + gateway.port + "', username: test, password: hahaha}",
                "rules:",
                "  - {subscribe: {topic: poison/in}, function: {name: echo}, publish: {topic: poison/out},"
                        + " deadletter: {topic: poison/dead}}",
                "functions:",
                "  - {name: echo, service: python, instance: {min: 1}}");
        write("var/db/openedge/python/service.yml", "python: /usr/bin/python3", "functions:",
                "  - {name: echo, handler: index.handler, codedir: code}");
        write("var/db/openedge/code/index.py", "import os, signal",
                "def handler(event, context):",
                "    if event == 'raise':",
                "        raise ValueError('poison')",
                "    if event == 'kill':",
                "        os.kill(os.getpid(), signal.SIGKILL)",
                "    return event");
    }

    private void write(String file, String... lines) throws IOException {
        gateway.write(file, String.join("\n", lines) + "\n");
    }

    public static void main(String[] args) throws Exception {
        FunctionPoison benchmark = new FunctionPoison(Path.of(args[0]));
        try (benchmark.gateway) {
            benchmark.gateway.openedge("start");
            try {
                benchmark.measure(Integer.parseInt(args[1]));
            } finally {
                benchmark.gateway.openedge("stop");
            }
        }
    }

    private void measure(int rounds) throws Exception {
        List<Series> all = NAMES.stream().map(Series::new).toList();
        try (BenchmarkClient publisher = new BenchmarkClient(gateway.port, "poison-pub");
                BenchmarkClient subscriber = new BenchmarkClient(gateway.port, "poison-sub");
                BenchmarkClient letters = new BenchmarkClient(gateway.port, "poison-dead")) {
            subscriber.limit(FunctionRates.LIMIT_MILLIS);
            letters.limit(FunctionRates.LIMIT_MILLIS);
            subscriber.subscribe("poison/out", 0);
            letters.subscribe("poison/dead", 0);
            FunctionRates.awaitAnswer(WAY, publisher, subscriber);
            for (int round = -WARM_UPS; round < rounds; round++) {
                for (int bad = 0; bad < BAD.size(); bad++) {
                    all.get(bad).behind(BAD.get(bad), publisher, subscriber, letters, round >= 0);
                }
            }
        }
        System.out.printf("%n| good ones behind | a second, median of %d | min | max | slower | longest pause, ms |%n"
                + "|---|---|---|---|---|---|%n", rounds);
        all.forEach(series -> series.print(all.get(0)));
    }

    /** The good ones behind one kind of message. */
    private static final class Series {
        private final String name;
        private final List<Double> rates = new ArrayList<>();
        private final List<Double> pauses = new ArrayList<>();
        private long last;
        private long longest;

        Series(String name) {
            this.name = name;
        }

        void behind(String bad, BenchmarkClient publisher, BenchmarkClient subscriber, BenchmarkClient letters, boolean counts)
                throws Exception {
            longest = 0;
            last = System.nanoTime();
            if (!bad.isEmpty()) {
                publisher.publish(WAY + "/in", bad.getBytes(StandardCharsets.UTF_8));
            }
            double rate = FunctionRates.rate(WAY, publisher, subscriber, TimeUnit.SECONDS.toNanos(SECONDS), this::answered);
            if (!bad.isEmpty()) {
                letters.read();
            }
            if (counts) {
                rates.add(rate);
                pauses.add(longest / 1e6);
            }
        }

        private void answered() {
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
        }

        private static double median(List<Double> values) {
            return FunctionRates.median(values.stream().mapToDouble(Double::doubleValue).toArray());
        }

        void print(Series alone) {
            System.out.printf("| %s | %,.0f | %,.0f | %,.0f | %.1f %% | %.0f |%n", name, median(rates), Collections.min(rates),
                    Collections.max(rates), 100 * (1 - median(rates) / median(alone.rates)), median(pauses));
        }
    }
}
