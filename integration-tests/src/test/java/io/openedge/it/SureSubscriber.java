package io.openedge.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gets numbers on topics, and says what is doubled at QoS 2 and, where the order is to be kept, out of order. */
final class SureSubscriber extends SureClient {
    private static final int SUBACK = 9;
    private static final int LAST = 300;

    private final String filter;
    private final boolean ordered;
    private final Set<Integer> unreleased = new HashSet<>();
    private final Map<String, Long> next = new ConcurrentHashMap<>();
    /** Of each topic, numbers that came. */
    private final Map<String, BitSet> came = new HashMap<>();

    private final List<String> faults = new CopyOnWriteArrayList<>();
    /** The last packets, for who has to find out. */
    private final Deque<String> trace = new ArrayDeque<>();

    private volatile boolean subscribed;

    SureSubscriber(String filter, int port) {
        this(filter, port, true);
    }

    /** @param ordered whether the numbers of a topic must come in their order */
    SureSubscriber(String filter, int port, boolean ordered) {
        super("subscriber", port);
        this.filter = filter;
        this.ordered = ordered;
    }

    boolean subscribed() {
        return subscribed;
    }

    /** So many numbers came on a topic, none missing. */
    long count(String topic) {
        return next.getOrDefault(topic, 0L);
    }

    List<String> faults() {
        return faults;
    }

    @Override
    boolean goesOn() {
        return !stopping();
    }

    @Override
    void converse(boolean first) throws IOException {
        trace("connected");
        if (first) {
            send(0x82, new Body().u16(1).text(filter).u8(2));
        }
        while (goesOn()) {
            Packet packet = read();
            switch (packet.type()) {
                case SUBACK -> {
                    subscribed = true;
                    known();
                }
                case PUBLISH -> message(packet);
                case PUBREL -> {
                    trace("PUBREL " + packet.id(0));
                    unreleased.remove(packet.id(0));
                    send(PUBCOMP << 4, new Body().u16(packet.id(0)));
                }
                default -> throw new IllegalStateException("packet " + packet.head());
            }
        }
    }

    private void message(Packet packet) throws IOException {
        int length = packet.id(0);
        String topic = new String(packet.body(), 2, length, StandardCharsets.UTF_8);
        int id = packet.id(2 + length);
        long number = ByteBuffer.wrap(packet.body()).getLong(4 + length);
        boolean once = (packet.head() & 6) == 4;
        trace("PUBLISH head " + packet.head() + " id " + id + " " + topic + " " + number);
        if (!once || unreleased.add(id)) {
            long expected = count(topic);
            BitSet all = came.computeIfAbsent(topic, none -> new BitSet());
            if (number > expected && ordered) {
                fault(topic + ": " + number + " came, " + expected + " is missing");
            } else if (all.get((int) number) && once) {
                fault(topic + ": " + number + " came again");
            }
            all.set((int) number);
            next.put(topic, (long) all.nextClearBit((int) expected));
        }
        send((once ? PUBREC : PUBACK) << 4, new Body().u16(id));
    }

    private void trace(String event) {
        trace.add(System.nanoTime() / 1_000 + " " + event);
        if (trace.size() > LAST) {
            trace.remove();
        }
    }

    private void fault(String text) {
        faults.add(faults.isEmpty() ? text + "; the last packets:\n" + String.join("\n", trace) : text);
    }
}
