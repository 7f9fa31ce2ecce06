package io.openedge.hub.store;

import io.openedge.hub.route.Message;
import java.util.concurrent.CompletionStage;

/**
 * Keeps messages of QoS 1 and 2 from their receipt until everybody who gets them has them. Thread rule: any thread; never
 * blocks.
 */
public interface MessageStore {
    /**
     * Takes a message. The publisher is told, and subscribers get the message, only after the stage completes; stages
     * of one caller may complete in any order and on any thread. A failed stage: the message was not taken, and its
     * publisher's connection is closed without an acknowledgement.
     */
    CompletionStage<Void> append(Message message);

    /**
     * Takes a message of QoS 2 of a persistent session, and with it the packet id that the client gave it: PUBREC goes
     * out, and subscribers get the message, only after the stage completes. Both are safe or neither is.
     */
    CompletionStage<Void> appendOnce(Message message, String clientId, int packetId);

    /** Forgets a packet id of QoS 2: PUBCOMP goes out only after the stage completes. */
    CompletionStage<Void> release(String clientId, int packetId);
}
