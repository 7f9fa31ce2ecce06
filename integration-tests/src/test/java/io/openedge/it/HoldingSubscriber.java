package io.openedge.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Gets messages at QoS 1, and acknowledges only those that it is told to. */
final class HoldingSubscriber extends SureClient {
    private static final int SUBACK = 9;
    private static final int AGAIN = 8;

    private final String filter;
    private final List<String> came = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean subscribed;

    HoldingSubscriber(String filter, int port) {
        super("holder", port);
        this.filter = filter;
    }

    boolean subscribed() {
        return subscribed;
    }

    /** What came, as {@code ID PAYLOAD}, with {@code again} behind it when the hub sends it once more. */
    List<String> came() {
        return came;
    }

    int connections() {
        return connections.get();
    }

    void acknowledge(int id) throws IOException {
        send(PUBACK << 4, new Body().u16(id));
    }

    @Override
    boolean goesOn() {
        return !stopping();
    }

    @Override
    void converse(boolean first) throws IOException {
        connections.incrementAndGet();
        if (first) {
            send(0x82, new Body().u16(1).text(filter).u8(1));
        }
        while (goesOn()) {
            Packet packet = read();
            if (packet.type() == SUBACK) {
                subscribed = true;
                known();
            } else if (packet.type() == PUBLISH) {
                int length = packet.id(0);
                String payload = new String(
                        packet.body(), 4 + length, packet.body().length - 4 - length, StandardCharsets.UTF_8);
                came.add(packet.id(2 + length) + " " + payload + ((packet.head() & AGAIN) == 0 ? "" : " again"));
            }
        }
    }
}
