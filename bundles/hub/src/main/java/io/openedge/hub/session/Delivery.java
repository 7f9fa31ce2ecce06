package io.openedge.hub.session;

import io.openedge.hub.route.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message for one session, or what is left of one of QoS 2 that the client has received. Handed over through the
 * {@link Inbox}, then owned by the session's loop.
 */
final class Delivery {
    final @Nullable Message message;
    final int qos;
    final boolean retain;
    /** What it takes of the memory for waiting messages. Unit: bytes. */
    int weight;
    /** Place among the messages in flight. */
    long order;
    /** The next in the inbox. */
    volatile @Nullable Delivery next;

    Delivery(@Nullable Message message, int qos, boolean retain) {
        this.message = message;
        this.qos = qos;
        this.retain = retain;
    }

    /** Of all but the inbox's own mark and a release. */
    Message message() {
        Message present = message;
        if (present == null) {
            throw new IllegalStateException("there is no message");
        }
        return present;
    }
}
