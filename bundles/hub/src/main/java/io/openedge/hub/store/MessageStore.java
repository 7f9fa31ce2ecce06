package io.openedge.hub.store;

import io.openedge.hub.route.Message;
import java.util.concurrent.CompletionStage;

/**
 * Keeps messages of QoS 1 from their receipt until everybody who gets them has them. Thread rule: any thread; never
 * blocks.
 */
public interface MessageStore {
    /**
     * Takes a message. The publisher is told, and subscribers get the message, only after the stage completes; stages
     * of one caller may complete in any order and on any thread. A failed stage: the message was not taken, and its
     * publisher's connection is closed without an acknowledgement.
     */
    CompletionStage<Void> append(Message message);
}
