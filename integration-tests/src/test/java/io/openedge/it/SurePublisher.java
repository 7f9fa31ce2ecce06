package io.openedge.it;

import java.io.IOException;
import java.util.function.IntSupplier;

/** Publishes numbers, one after the other, each until the broker has acknowledged it. */
final class SurePublisher extends SureClient {
    private static final int DUP = 8;
    private static final int IDS = 65_535;

    private final String topic;
    private final int qos;
    private final IntSupplier pace;
    private volatile long safe;
    private boolean inDoubt;
    private boolean received;
    private long number;

    SurePublisher(String topic, int qos, int port) {
        this(topic, qos, port, () -> 0);
    }

    /** @param pace between two messages, asked each time. Unit: milliseconds */
    SurePublisher(String topic, int qos, int port, IntSupplier pace) {
        super("pub-" + topic.replace('/', '-'), port);
        this.topic = topic;
        this.qos = qos;
        this.pace = pace;
    }

    String topic() {
        return topic;
    }

    int qos() {
        return qos;
    }

    /** All numbers below have been acknowledged, for QoS 2 by PUBREC. */
    long safe() {
        return safe;
    }

    @Override
    boolean goesOn() {
        return !stopping() || inDoubt;
    }

    @Override
    void converse(boolean first) throws IOException {
        known();
        while (goesOn()) {
            int id = (int) (number % IDS) + 1;
            if (!received) {
                publish(id);
            }
            if (qos == 2) {
                send(PUBREL << 4 | 2, new Body().u16(id));
                expect(PUBCOMP, id);
            }
            number++;
            received = false;
            inDoubt = false;
            rest(pace.getAsInt());
        }
    }

    private void publish(int id) throws IOException {
        send(
                PUBLISH << 4 | qos << 1 | (inDoubt ? DUP : 0),
                new Body().text(topic).u16(id).u64(number));
        inDoubt = true;
        expect(qos == 2 ? PUBREC : PUBACK, id);
        received = qos == 2;
        safe = number + 1;
    }

    private void expect(int type, int id) throws IOException {
        Packet packet = read();
        if (packet.type() != type || packet.id(0) != id) {
            throw new IllegalStateException(topic + ": packet " + packet.head() + " for id " + packet.id(0)
                    + " instead of " + type + ", " + id);
        }
    }
}
