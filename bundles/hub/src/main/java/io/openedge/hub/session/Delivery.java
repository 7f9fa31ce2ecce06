package io.openedge.hub.session;

import io.openedge.hub.route.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message for one session, or what is left of one of QoS 2 that the client has received, or of one whose words are in
 * the store alone. Handed over through the {@link Inbox}, then owned by the session's loop.
 */
final class Delivery {
    final @Nullable Message message;
    final int qos;
    final boolean retain;
    /** Where it is stored; 0: it is not. */
    final long ref;
    /** The client has it, and the hub releases its packet id. */
    final boolean released;
    /** What the store is told of its packet id is safe. */
    boolean idSafe;
    /** The store is being told of it. */
    boolean asked;
    /** What it takes of the memory for waiting messages. Unit: bytes. */
    int weight;
    /** Place among the messages in flight. */
    long order;
    /** The next in the inbox. */
    volatile @Nullable Delivery next;

    private Delivery(@Nullable Message message, int qos, boolean retain, long ref, boolean released) {
        this.message = message;
        this.qos = qos;
        this.retain = retain;
        this.ref = ref;
        this.released = released;
    }

    Delivery(Message message, int qos, boolean retain, long ref) {
        this(message, qos, retain, ref, false);
    }

    /** The inbox's own mark. */
    static Delivery mark() {
        return new Delivery(null, 0, false, 0, false);
    }

    /** What is left when the client has the message. */
    static Delivery released(long ref) {
        return new Delivery(null, 2, false, ref, true);
    }

    /** What is left when the store alone has the words. */
    static Delivery stored(int qos, long ref, boolean idSafe) {
        Delivery delivery = new Delivery(null, qos, false, ref, false);
        delivery.idSafe = idSafe;
        return delivery;
    }

    /** Whether the words are in the store alone. */
    boolean cold() {
        return message == null && !released;
    }

    /** Of all that are neither released nor cold. */
    Message message() {
        Message present = message;
        if (present == null) {
            throw new IllegalStateException("there is no message");
        }
        return present;
    }
}
