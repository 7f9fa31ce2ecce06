package io.openedge.hub.route;

/** Somebody who gets messages. Thread rule: any thread; never blocks, never throws. */
public interface Subscriber {
    /**
     * The number by which the store knows it, when messages are kept for it; else 0. It stays the same.
     */
    int kept();

    /**
     * Offers a message.
     *
     * @param qos of the delivery
     * @param place where it is stored; 0: it is not
     * @return false when the subscriber's thread lags behind and the publisher should wait for it to go round
     */
    boolean deliver(Message message, int qos, long place);

    /** Runs a task on the subscriber's thread, behind what was delivered before. */
    void behind(Runnable task);
}
