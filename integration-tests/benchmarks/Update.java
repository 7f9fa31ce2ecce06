import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
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
    private static final String WINDOW = "\n    health: {window: 500ms}";

    private final Path home;
    private final Path work;
    private final int port;
    private final int rounds;
    private int version;

    private Update(Path home, Path work, int port, int rounds) {
        this.home = home;
        this.work = work;
        this.port = port;
        this.rounds = rounds;
    }

    /** HOME EXAMPLE ROUNDS */
    public static void main(String[] args) throws Exception {
        Path work = Files.createTempDirectory("update");
        int port = freePort();
        copy(Path.of(args[1]), work, port);
        Update update = new Update(Path.of(args[0]), work, port, Integer.parseInt(args[2]));
        try {
            update.prepare();
            update.openedge("start");
            System.out.println("| updates | connections lost | QoS 1 messages lost | of | twice |\n|---|---|---|---|---|");
            update.pair("timer", update.rounds, "pair", "pair", 5);
            update.pair("function-manager", update.rounds, "t", "t/py3hi", 20);
            update.pair("function-sayhi36", Math.max(1, update.rounds / 5), "t", "t/py3hi", 20);
            update.many();
        } finally {
            update.openedge("stop");
            remove(work);
        }
    }

    private void prepare() throws IOException {
        Path timer = Files.createDirectories(work.resolve("var/db/openedge/timer-conf")).resolve("service.yml");
        Files.writeString(
                timer,
                "hub: {address: 'tcp://localhub:" + port + "', username: test, password: hahaha}\n"
                        + "timer: {interval: 1s}\npublish: {topic: timer}\n");
        Path application = work.resolve("var/db/openedge/application.yml");
        Files.writeString(
                application,
                Files.readString(application)
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
        Mqtt[] idle = new Mqtt[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            idle[i] = new Mqtt(port, "idle-" + i);
        }
        try (Mqtt sender = new Mqtt(port, "sender-" + changed);
                Mqtt receiver = new Mqtt(port, "receiver-" + changed)) {
            receiver.subscribe(to);
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
            for (Mqtt client : idle) {
                client.close();
            }
        }
    }

    private static void send(Mqtt sender, String topic, AtomicInteger sent, int pause) {
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
        Path application = work.resolve("var/db/openedge/application.yml");
        StringBuilder more = new StringBuilder();
        IntStream.range(5, SERVICES).forEach(number -> more.append(service("timer-" + number)));
        String text = Files.readString(application).replace("500ms", "1ms").replace("volumes:", more + "volumes:");
        Files.writeString(work.resolve("next.yml"), text);
        put();
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
        String text = Files.readString(work.resolve("var/db/openedge/application.yml"));
        text = text.replaceFirst("version: .*", "version: u" + version)
                .replaceFirst(
                        "- name: " + service + "\n(    env: .*\n)?",
                        "- name: " + service + "\n    env: {N: '" + version + "'}\n");
        Files.writeString(work.resolve("next.yml"), text);
        long begun = System.nanoTime();
        put();
        return System.nanoTime() - begun;
    }

    private void put() throws IOException {
        byte[] body = "{\"path\":\"next.yml\"}".getBytes(StandardCharsets.UTF_8);
        String head = "PUT /v1/operator/update HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nContent-Length: "
                + body.length + "\r\n\r\n";
        Path socket = work.resolve("var/run/openedge/operator.sock");
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8)));
            channel.write(ByteBuffer.wrap(body));
            ByteBuffer answer = ByteBuffer.allocate(1 << 16);
            String text = "";
            while (!text.contains("}") && channel.read(answer) >= 0) {
                text = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
            }
            if (!text.contains("\"committed\"")) {
                throw new IOException("the update was not committed: " + text);
            }
        }
    }

    private void openedge(String verb) throws Exception {
        int code = new ProcessBuilder(home.resolve("bin/openedge").toString(), verb, "-w", work.toString())
                .inheritIO()
                .redirectOutput(work.resolve("said").toFile())
                .start()
                .waitFor();
        if (code != 0) {
            System.err.println("openedge " + verb + " ended with " + code);
        }
    }

    private static void copy(Path from, Path to, int port) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.writeString(copy, Files.readString(file).replace("1883", String.valueOf(port)));
                }
            }
        }
    }

    /** The archive of classes may still be on its way into the cache. */
    private static void remove(Path work) throws Exception {
        for (int tries = 0; Files.exists(work); tries++) {
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | java.io.UncheckedIOException e) {
                if (tries == 20) {
                    throw e;
                }
                Thread.sleep(500);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** As little of MQTT 3.1.1 as is needed: QoS 1, one thread that reads. */
    private static final class Mqtt implements AutoCloseable {
        private static final Pattern ID = Pattern.compile("\"id\": (\\d+)");

        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;
        private final Set<Integer> ids = ConcurrentHashMap.newKeySet();
        private final AtomicInteger messages = new AtomicInteger();
        private volatile boolean lost;
        private volatile boolean closing;
        private int packet;

        Mqtt(int port, String id) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(socket.getOutputStream());
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(body);
            fields.writeUTF("MQTT");
            fields.write(new byte[] {4, (byte) 0xC2, 0, 0});
            fields.writeUTF(id);
            fields.writeUTF("test");
            fields.writeUTF("hahaha");
            send(0x10, body);
            if (in.readInt() != 0x20020000) {
                throw new IOException("refused");
            }
            Thread reader = new Thread(this::read);
            reader.setDaemon(true);
            reader.start();
        }

        void subscribe(String filter) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(body);
            fields.writeShort(1);
            fields.writeUTF(filter);
            fields.write(1);
            send(0x82, body);
        }

        void publish(String topic, String payload) throws IOException {
            packet = packet % 0xFFFF + 1;
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(body);
            fields.writeUTF(topic);
            fields.writeShort(packet);
            fields.write(payload.getBytes(StandardCharsets.UTF_8));
            send(0x32, body);
        }

        private void read() {
            try {
                while (true) {
                    int first = in.readUnsignedByte();
                    byte[] body = new byte[length()];
                    in.readFully(body);
                    if (first >> 4 == 3) {
                        received(first, body);
                    }
                }
            } catch (IOException e) {
                lost = !closing;
            }
        }

        private void received(int first, byte[] body) throws IOException {
            int at = 2 + ((body[0] & 0xFF) << 8 | body[1] & 0xFF);
            if ((first & 0x06) != 0) {
                ByteArrayOutputStream ack = new ByteArrayOutputStream();
                ack.write(body, at, 2);
                send(0x40, ack);
                at += 2;
            }
            Matcher id = ID.matcher(new String(body, at, body.length - at, StandardCharsets.UTF_8));
            if (id.find()) {
                messages.incrementAndGet();
                ids.add(Integer.valueOf(id.group(1)));
            }
        }

        private int length() throws IOException {
            int length = 0;
            int shift = 0;
            int digit;
            do {
                digit = in.readUnsignedByte();
                length |= (digit & 0x7F) << shift;
                shift += 7;
            } while (digit > 127);
            return length;
        }

        private synchronized void send(int type, ByteArrayOutputStream body) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(type);
            int length = body.size();
            do {
                all.write(length % 128 | (length > 127 ? 128 : 0));
                length /= 128;
            } while (length > 0);
            body.writeTo(all);
            out.write(all.toByteArray());
        }

        @Override
        public void close() throws IOException {
            closing = true;
            socket.close();
        }
    }
}
