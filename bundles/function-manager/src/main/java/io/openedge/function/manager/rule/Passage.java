package io.openedge.function.manager.rule;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.manager.pool.Outcome;
import io.openedge.mqtt.Delivery;

/** One message's way through a rule, from its delivery to its acknowledgement. Owned by the loop. */
final class Passage implements Outcome {
    private final Rule rule;
    private final String invokeId;
    private Delivery delivery;
    private int connection;

    /**
     * @param delivery what brought the message
     * @param connection which connection that was, by number
     */
    Passage(Rule rule, String invokeId, Delivery delivery, int connection) {
        this.rule = rule;
        this.invokeId = invokeId;
        this.delivery = delivery;
        this.connection = connection;
    }

    /** The hub has sent the message again: the acknowledgement is due there. */
    void deliveredAgain(Delivery again, int connection) {
        this.delivery = again;
        this.connection = connection;
    }

    Delivery delivery() {
        return delivery;
    }

    String invokeId() {
        return invokeId;
    }

    /** Which connection brought it. */
    int connection() {
        return connection;
    }

    String topic() {
        return delivery.message().topic();
    }

    int size() {
        return delivery.message().payload().length;
    }

    int qos() {
        return delivery.message().qos();
    }

    @Override
    public void answered(FunctionMessage answer) {
        rule.answered(this, answer.payload());
    }

    @Override
    public void failed(FunctionMessage message, FunctionException error, int tries) {
        rule.failed(this, message, error, tries);
    }

    @Override
    public void abandoned() {
        rule.settled(this, false);
    }
}
