import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The work that every broker gets: the same code, one thread for all clients of a row (one more sends in the latency row).
 *
 * <p>A publisher fills its window, flushes, and fills it again as it opens. At QoS 0 a message is in flight until every
 * subscriber has it: a broker that drops is not fast, it stands still until the loss is written off a second later. Each
 * message carries its number; a subscriber counts what is missing and what is out of order.
 */
final class HubBenchmarkLoad {
    static final int PAYLOAD = 128;
    private static final int BUFFER = 128 * 1024;
    private static final int SMALL = 128;
    private static final int AT_ONCE = 64;
    private static final long STALL = TimeUnit.SECONDS.toNanos(1);
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);

    private final int port;
    private final int subscribersPort;
    /** Each measurement has topics of its own: what a broker still holds of the one before is no loss of this one. */
    private int measurement;

    long lost;
    long disordered;
    /** Processor time of the generator's thread in the last measurement, as a part of the time. */
    double busy;

    HubBenchmarkLoad(int port) {
        this(port, port);
    }

    /**
     * Across a bridge.
     *
     * @param subscribersPort of the broker behind it. When it is another one, a message of QoS 1 too is in flight until the
     *     subscriber has it, so that none waits before the bridge
     */
    HubBenchmarkLoad(int port, int subscribersPort) {
        this.port = port;
        this.subscribersPort = subscribersPort;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void turn(Selector selector, int millis) throws IOException {
        selector.select(HubBenchmarkClient::ready, millis);
    }

    private static void await(Selector selector, String what, Condition condition) throws IOException {
        long limit = System.nanoTime() + LIMIT;
        while (!condition.holds()) {
            turn(selector, 10);
            if (System.nanoTime() > limit) {
                throw new IOException("no " + what);
            }
        }
    }

    private final class Subscriber implements HubBenchmarkClient.Receiver {
        private final HubBenchmarkClient client;
        private final String name;
        private final String topic;
        private final int qos;
        private boolean ready;
        private long expected;
        private long received;
        private double[] micros = new double[0];

        Subscriber(Selector selector, String name, String topic, int qos) throws IOException {
            this.name = name;
            this.topic = topic;
            this.qos = qos;
            client = new HubBenchmarkClient(selector, subscribersPort, BUFFER, this);
        }

        @Override
        public void connected(HubBenchmarkClient self) {
            self.connect(name);
        }

        @Override
        public void packet(HubBenchmarkClient self, int head, ByteBuffer in, int body, int length) {
            switch (head >> 4) {
                case HubBenchmarkClient.CONNACK -> self.subscribe(topic, qos);
                case HubBenchmarkClient.SUBACK -> ready = in.get(body + 2) == qos;
                case HubBenchmarkClient.PUBLISH -> message(self, head, in, body, length);
                default -> throw new IllegalStateException("packet " + head);
            }
        }

        private void message(HubBenchmarkClient self, int head, ByteBuffer in, int body, int length) {
            int payload = body + 2 + in.getShort(body);
            if ((head & 6) != 0) {
                self.acknowledge(in.getShort(payload));
                payload += 2;
            }
            if (body + length - payload != PAYLOAD) {
                throw new IllegalStateException("a payload of " + (body + length - payload) + " bytes");
            }
            long number = in.getLong(payload);
            if (number < expected) {
                disordered++;
            } else {
                lost += number - expected;
                expected = number + 1;
            }
            if (received < micros.length) {
                micros[(int) received] = (System.nanoTime() - in.getLong(payload + 8)) / 1e3;
            }
            received++;
        }

        @Override
        public void closed(HubBenchmarkClient self) {
            throw new IllegalStateException("the broker closed the connection of subscriber " + name);
        }
    }

    private final class Publisher implements HubBenchmarkClient.Receiver {
        private final HubBenchmarkClient client;
        private final String name;
        private final int qos;
        private final int window;
        private final List<Subscriber> subscribers;
        private final ByteBuffer packet;
        private final int payload;
        private boolean ready;
        private long sent;
        private long acknowledged;
        private long writtenOff;
        private long seen;
        private long seenAt = System.nanoTime();

        Publisher(Selector selector, String name, String topic, int qos, int window, List<Subscriber> subscribers)
                throws IOException {
            this.name = name;
            this.qos = qos;
            this.window = window;
            this.subscribers = subscribers;
            byte[] topicBytes = topic.getBytes(StandardCharsets.US_ASCII);
            int length = 2 + topicBytes.length + (qos > 0 ? 2 : 0) + PAYLOAD;
            payload = 3 + length - PAYLOAD;
            packet = ByteBuffer.allocate(3 + length);
            packet.put((byte) (0x30 | qos << 1)).put((byte) (length & 0x7F | 0x80)).put((byte) (length >> 7));
            packet.putShort((short) topicBytes.length).put(topicBytes);
            while (packet.hasRemaining()) {
                packet.put((byte) 'x');
            }
            client = new HubBenchmarkClient(selector, port, BUFFER, this);
        }

        @Override
        public void connected(HubBenchmarkClient self) {
            self.connect(name);
        }

        @Override
        public void packet(HubBenchmarkClient self, int head, ByteBuffer in, int body, int length) {
            switch (head >> 4) {
                case HubBenchmarkClient.CONNACK -> ready = in.get(body + 1) == 0;
                case HubBenchmarkClient.PUBACK -> {
                    if (in.getShort(body) != id(acknowledged++)) {
                        disordered++;
                    }
                }
                default -> throw new IllegalStateException("packet " + head);
            }
        }

        @Override
        public void closed(HubBenchmarkClient self) {
            throw new IllegalStateException("the broker closed the connection of publisher " + name);
        }

        private long done() {
            return qos > 0 && port == subscribersPort ? acknowledged : received();
        }

        /** By the slowest. */
        private long received() {
            long least = Long.MAX_VALUE;
            for (Subscriber subscriber : subscribers) {
                least = Math.min(least, subscriber.received);
            }
            return least;
        }

        /** Fills the window and flushes. */
        void fill(long now) throws IOException {
            long done = done();
            if (done != seen) {
                seen = done;
                seenAt = now;
            } else if (now - seenAt > STALL) {
                writtenOff = sent - done;
                seenAt = now;
            }
            if (!client.free()) {
                return;
            }
            long until = done + writtenOff + window;
            while (sent < until && client.room(packet.capacity())) {
                put(client.out());
            }
            client.flush();
        }

        private void put(ByteBuffer out) {
            if (qos > 0) {
                packet.putShort(payload - 2, id(sent));
            }
            packet.putLong(payload, sent++);
            packet.putLong(payload + 8, System.nanoTime());
            out.put(packet.array());
        }

        private short id(long number) {
            return (short) (number % 65_535 + 1);
        }
    }

    /** Deliveries a second: so many publishers, each with so many subscribers of its own. */
    double rate(int publishers, int each, int qos, int window, int leadMillis, int millis) throws IOException {
        String topics = "bench/" + ++measurement + "/";
        try (Selector selector = Selector.open()) {
            List<Subscriber> subscribers = new ArrayList<>();
            List<Publisher> all = new ArrayList<>();
            for (int p = 0; p < publishers; p++) {
                List<Subscriber> own = new ArrayList<>();
                for (int s = 0; s < each; s++) {
                    own.add(new Subscriber(selector, "sub-" + p + "-" + s, topics + p, qos));
                }
                subscribers.addAll(own);
                await(selector, "subscription", () -> own.stream().allMatch(s -> s.ready));
                Publisher publisher = new Publisher(selector, "pub-" + p, topics + p, qos, window, own);
                await(selector, "connection", () -> publisher.ready);
                all.add(publisher);
            }
            run(selector, all, leadMillis);
            long before = count(subscribers);
            long cpu = cpu();
            long begin = System.nanoTime();
            run(selector, all, millis);
            double nanos = System.nanoTime() - begin;
            busy = (cpu() - cpu) / nanos;
            double rate = (count(subscribers) - before) * 1e9 / nanos;
            drain(selector, all);
            close(selector);
            return rate;
        }
    }

    private static void run(Selector selector, List<Publisher> publishers, int millis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            for (Publisher publisher : publishers) {
                publisher.fill(now);
            }
            turn(selector, 10);
        }
    }

    /** What was sent has to come. */
    private void drain(Selector selector, List<Publisher> publishers) throws IOException {
        long end = System.nanoTime() + 3 * STALL;
        for (Publisher publisher : publishers) {
            while (publisher.received() < publisher.sent && System.nanoTime() < end) {
                turn(selector, 10);
            }
            for (Subscriber subscriber : publisher.subscribers) {
                lost += Math.max(0, publisher.sent - subscriber.expected);
            }
        }
    }

    private static long count(List<Subscriber> subscribers) {
        long sum = 0;
        for (Subscriber subscriber : subscribers) {
            sum += subscriber.received;
        }
        return sum;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void close(Selector selector) {
        List.copyOf(selector.keys()).forEach(key -> ((HubBenchmarkClient) key.attachment()).close());
    }

    /**
     * From one publisher to one subscriber at a steady rate.
     *
     * @return latencies from before the write to after the read, sorted, in microseconds
     */
    double[] latency(int perSecond, int millis) throws Exception {
        String topic = "bench/" + ++measurement + "/0";
        try (Selector selector = Selector.open()) {
            int count = (int) ((long) perSecond * millis / 1000);
            Subscriber subscriber = new Subscriber(selector, "sub", topic, 0);
            subscriber.micros = new double[count];
            await(selector, "subscription", () -> subscriber.ready);
            Publisher publisher = new Publisher(selector, "pub", topic, 0, 0, List.of(subscriber));
            await(selector, "connection", () -> publisher.ready);
            Thread sender = new Thread(() -> {
                long next = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    next += TimeUnit.SECONDS.toNanos(1) / perSecond;
                    while (System.nanoTime() < next) {
                        LockSupport.parkNanos(next - System.nanoTime());
                    }
                    publisher.put(publisher.client.out());
                    try {
                        publisher.client.flush();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            sender.start();
            await(selector, "message " + subscriber.received, () -> subscriber.received == count);
            sender.join();
            close(selector);
            Arrays.sort(subscriber.micros);
            return subscriber.micros;
        }
    }

    /** Clients that connect, {@value #AT_ONCE} at a time, and stay. */
    final class Crowd implements HubBenchmarkClient.Receiver, AutoCloseable {
        private final Selector selector = Selector.open();
        private final List<HubBenchmarkClient> clients = new ArrayList<>();
        private final boolean subscribing;
        private int done;
        private int refused;
        private int answers;

        /** @param subscribing each subscribes to a topic of its own */
        Crowd(boolean subscribing) throws IOException {
            this.subscribing = subscribing;
        }

        /** Seconds until all are connected, and have subscribed. */
        double connect(int count) throws IOException {
            long begin = System.nanoTime();
            await(selector, "connection after " + done, () -> {
                while (clients.size() < count && clients.size() - done - refused < AT_ONCE) {
                    clients.add(new HubBenchmarkClient(selector, port, SMALL, this));
                }
                return done + refused == count;
            });
            return (System.nanoTime() - begin) / 1e9;
        }

        @Override
        public void connected(HubBenchmarkClient client) {
            client.connect("crowd-" + clients.size() + "-" + System.identityHashCode(client));
        }

        @Override
        public void packet(HubBenchmarkClient client, int head, ByteBuffer in, int body, int length) {
            switch (head >> 4) {
                case HubBenchmarkClient.CONNACK -> {
                    if (in.get(body + 1) != 0) {
                        throw new IllegalStateException("refused with code " + in.get(body + 1));
                    }
                    if (subscribing) {
                        client.subscribe("crowd/" + System.identityHashCode(client), 0);
                    } else {
                        done++;
                    }
                }
                case HubBenchmarkClient.SUBACK -> done++;
                case HubBenchmarkClient.PINGRESP -> answers++;
                default -> throw new IllegalStateException("packet " + head);
            }
        }

        @Override
        public void closed(HubBenchmarkClient client) {
            refused++;
        }

        /** Those that are there and answer a ping. */
        int held() throws IOException {
            turn(selector, 10);
            int asked = 0;
            for (HubBenchmarkClient client : clients) {
                if (client.open) {
                    client.ping();
                    client.flush();
                    if (++asked % AT_ONCE == 0) {
                        turn(selector, 1);
                    }
                }
            }
            long end = System.nanoTime() + 10 * STALL;
            while (answers < asked && System.nanoTime() < end) {
                turn(selector, 10);
            }
            return answers;
        }

        int refused() {
            return refused;
        }

        @Override
        public void close() throws IOException {
            HubBenchmarkLoad.close(selector);
            selector.close();
        }
    }
}
