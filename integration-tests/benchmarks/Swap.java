import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Swaps a module between two versions while a client asks it a thousand times a second: how long the command takes, how
 * long no answer comes, and what the process holds after ten swaps and at the end. A bundle is swapped from the shell; a
 * package by an update of the application, while another service answers from a package of its own and other clients of the
 * hub count what they lose.
 */
public final class Swap {
    private static final String DB = "var/db/openedge/";
    private static final int WARM = 10;
    private static final int CLIENTS = 50;
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);

    private final BenchmarkGateway gateway;
    /** When the last answer of each version came. */
    private final long[] answered = new long[3];

    private Swap(BenchmarkGateway gateway) {
        this.gateway = gateway;
    }

    /** bundle|package HOME WORK JAR ROUNDS */
    public static void main(String[] args) throws Exception {
        boolean packages = args[0].equals("package");
        try (BenchmarkGateway gateway = new BenchmarkGateway(Path.of(args[1]), "swap")) {
            gateway.copy(Path.of(args[2]));
            gateway.write("etc/openedge/jvm.options", "-Dopenedge.archive=off\n"); // nothing else at work
            Swap swap = new Swap(gateway);
            swap.versions(Path.of(args[3]));
            if (packages) {
                swap.twoServices();
            }
            gateway.openedge("start");
            try (Swapper swapper = packages ? swap.updates() : swap.shell()) {
                swap.measure(swapper, Integer.parseInt(args[4]), packages ? swap.bystanders() : new Bystanders());
            } finally {
                gateway.openedge("stop");
            }
        }
    }

    /** The jar in two versions, and a package of each. */
    private void versions(Path jar) throws IOException {
        for (int version = 1; version <= 2; version++) {
            Path copy = gateway.work.resolve("hello-" + version + ".jar");
            version(jar, copy, version + ".0.0");
            String volume = DB + "hello-package/" + version + ".0.0/";
            gateway.write(volume + "package.yml", "bundles: [hello.jar]\n");
            Files.copy(copy, gateway.work.resolve(volume + "hello.jar"));
        }
    }

    private void twoServices() throws IOException {
        application(1);
        gateway.write(DB + "application.yml", gateway.read(DB + "hello-app/application.yml"));
        gateway.write(
                DB + "other-conf/service.yml",
                gateway.read(DB + "hello-conf/service.yml").replace("names", "other").replace("greetings", "others"));
    }

    /** Makes a version the one that answers. */
    private interface Swapper extends AutoCloseable {
        void to(int version) throws Exception;

        @Override
        void close() throws IOException;
    }

    private Swapper shell() throws IOException {
        Shell shell = new Shell(gateway.work);
        shell.type("start file:hello-1.jar");
        return new Swapper() {
            @Override
            public void to(int version) throws IOException {
                shell.type("update hello-module file:hello-" + version + ".jar");
            }

            @Override
            public void close() throws IOException {
                shell.close();
            }
        };
    }

    private Swapper updates() {
        return new Swapper() {
            @Override
            public void to(int version) throws IOException {
                application(version);
                gateway.update(DB + "hello-app");
            }

            @Override
            public void close() {}
        };
    }

    /** The application of the example with that version of the package, and a second service that keeps the first one. */
    private void application(int version) throws IOException {
        String file = DB + "hello-app/application.yml";
        String text = gateway.read(file)
                .replaceAll("package([/-])\\d\\.0\\.0", "package$1" + version + ".0.0")
                .replace("window: 5s", "window: 100ms");
        if (!text.contains("name: other")) {
            text = text.replace(
                    "volumes:\n",
                    "  - name: other\n    image: hello\n    replica: 1\n    mounts:\n"
                            + "      - {name: other-conf, path: etc/openedge}\n"
                            + "      - {name: other-package, path: lib/openedge/hello}\n"
                            + "volumes:\n  - {name: other-conf, path: var/db/openedge/other-conf}\n"
                            + "  - {name: other-package, path: var/db/openedge/hello-package/1.0.0/}\n");
        }
        text = text.replaceAll("(name: other-package, path: .*/)\\d\\.0\\.0/", "$11.0.0/");
        gateway.write(file, text);
    }

    private void measure(Swapper swapper, int rounds, Bystanders others) throws Exception {
        long pid = gateway.pid();
        long[] command = new long[rounds];
        long[] silence = new long[rounds];
        String tenth = "";
        try (BenchmarkClient asking = new BenchmarkClient(gateway.port, "asking");
                BenchmarkClient hearing = new BenchmarkClient(gateway.port, "hearing")) {
            hearing.subscribe("greetings", 0);
            daemon(() -> hear(hearing));
            daemon(() -> ask(asking));
            awaitAnswer(1, 0);
            others.begin();
            for (int round = 0; round < rounds; round++) {
                int version = 2 - round % 2;
                Thread.sleep(50);
                long begun = System.nanoTime();
                swapper.to(version);
                command[round] = System.nanoTime() - begun;
                long first = awaitAnswer(version, begun);
                synchronized (answered) {
                    silence[round] = first - answered[3 - version];
                }
                if (round == WARM - 1) {
                    tenth = held(pid);
                }
            }
        }
        System.out.println("| figure | p50 | p99 | max |\n|---|---|---|---|");
        row("the command, ms", command);
        row("no answer, ms", silence);
        System.out.println("\nafter " + WARM + " swaps: " + tenth + "\nafter " + rounds + " swaps: " + held(pid));
        others.tell();
    }

    private Bystanders bystanders() throws Exception {
        Bystanders others = new Bystanders();
        for (int i = 0; i < CLIENTS; i++) {
            others.add(new BenchmarkClient(gateway.port, "by-" + i), "by/" + i, "by/" + i);
        }
        others.add(new BenchmarkClient(gateway.port, "by-other"), "other", "others");
        return others;
    }

    /** Clients that have nothing to do with the swap: each sends a number ten times a second and gets it back. */
    private static final class Bystanders {
        private final List<Bystander> all = new ArrayList<>();

        void add(BenchmarkClient client, String asked, String answered) throws IOException {
            client.subscribe(answered, 0);
            all.add(new Bystander(client, asked));
        }

        void begin() {
            for (Bystander one : all) {
                daemon(one::send);
                daemon(one::hear);
            }
        }

        void tell() throws InterruptedException {
            if (all.isEmpty()) {
                return;
            }
            all.forEach(one -> one.over = true);
            Thread.sleep(1000);
            Bystander other = all.get(all.size() - 1);
            System.out.printf(
                    "other clients: %d connections, %d lost; %d messages sent, %d lost; longest silence %.1f ms%n",
                    all.size() - 1,
                    all.stream().filter(one -> one.lost && one != other).count(),
                    all.stream().filter(one -> one != other).mapToLong(one -> one.sent).sum(),
                    all.stream().filter(one -> one != other).mapToLong(one -> one.sent - one.heard).sum(),
                    all.stream().filter(one -> one != other).mapToLong(one -> one.silence).max().orElse(0) / 1e6);
            System.out.printf(
                    "another service from a package: %d asked, %d without answer; longest silence %.1f ms%n",
                    other.sent, other.sent - other.heard, other.silence / 1e6);
        }
    }

    private static final class Bystander {
        private final BenchmarkClient client;
        private final String topic;
        private volatile boolean over;
        private volatile boolean lost;
        private volatile long sent;
        private volatile long heard;
        private volatile long silence;

        Bystander(BenchmarkClient client, String topic) {
            this.client = client;
            this.topic = topic;
        }

        void send() throws Exception {
            while (!over) {
                client.publish(topic, String.valueOf(sent).getBytes(StandardCharsets.UTF_8));
                client.flush();
                sent++;
                Thread.sleep(100);
            }
        }

        void hear() throws Exception {
            try {
                long last = System.nanoTime();
                while (true) {
                    client.read();
                    long now = System.nanoTime();
                    silence = over ? silence : Math.max(silence, now - last);
                    last = now;
                    heard++;
                }
            } catch (IOException e) {
                lost = true;
            }
        }
    }

    private static void row(String figure, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "| %s | %.1f | %.1f | %.1f |%n",
                figure,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) Math.ceil(sorted.length * 0.99) - 1] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    private String held(long pid) throws Exception {
        Process jcmd = new ProcessBuilder("jcmd", String.valueOf(pid), "GC.class_histogram").start();
        long loaders = 0;
        try (BufferedReader lines = jcmd.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.strip().split("\\s+");
                if (words.length > 3 && words[3].contains("BundleWiringImpl$BundleClassLoader")) {
                    loaders += Long.parseLong(words[1]);
                }
            }
        }
        return loaders + " class loaders of bundles, " + count(pid, "task") + " threads, " + count(pid, "fd") + " files";
    }

    private static long count(long pid, String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/" + what))) {
            return entries.count();
        }
    }

    private long awaitAnswer(int version, long since) throws InterruptedException {
        synchronized (answered) {
            long limit = System.nanoTime() + LIMIT;
            while (answered[version] <= since) {
                answered.wait(1000);
                if (System.nanoTime() > limit) {
                    throw new IllegalStateException("no answer of version " + version);
                }
            }
            return first[version];
        }
    }

    /** When the first answer of the version that answers now came. */
    private final long[] first = new long[3];

    private void hear(BenchmarkClient client) throws Exception {
        int before = 0;
        while (true) {
            String text = client.read().payload();
            int version = text.charAt(text.lastIndexOf(' ') + 1) - '0';
            synchronized (answered) {
                answered[version] = System.nanoTime();
                if (version != before) {
                    first[version] = answered[version];
                    before = version;
                }
                answered.notifyAll();
            }
        }
    }

    private static void ask(BenchmarkClient client) throws Exception {
        while (true) {
            client.publish("names", "you".getBytes(StandardCharsets.UTF_8));
            client.flush();
            Thread.sleep(1);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException over) {
                return;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void version(Path jar, Path copy, String version) throws IOException {
        try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
            Manifest manifest = in.getManifest();
            manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    in.transferTo(out);
                }
            }
        }
    }

    /** A session of the gateway's shell. */
    private static final class Shell implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader answers;

        Shell(Path work) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(work.resolve("var/run/openedge/shell.sock")));
            answers = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        }

        void type(String command) throws IOException {
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
            StringBuilder output = new StringBuilder();
            String line = answers.readLine();
            while (line != null && !line.startsWith("\u0004")) {
                output.append(line);
                line = answers.readLine();
            }
            if (!"\u0004ok".equals(line)) {
                throw new IOException(command + ": " + output);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
