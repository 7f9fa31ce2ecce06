package io.openedge.hub.route;

/** Somebody who gets messages. Thread rule: any thread; never blocks, never throws. */
public interface Subscriber {
    /**
     * Offers a message.
     *
     * @param qos of the delivery
     * @return false when the subscriber's thread lags behind and the publisher should wait for it to go round
     */
    boolean deliver(Message message, int qos);

    /** Runs a task on the subscriber's thread, behind what was delivered before. */
    void behind(Runnable task);
}
