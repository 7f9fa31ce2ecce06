package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.message.publish.MqttPublish;
import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttMessage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A message of one connection. Whoever settles it first, its receiver by acknowledging or the connection by ending, has
 * done so for good: a late acknowledgement cannot reach a message of the next connection.
 */
final class IncomingMessage implements Delivery {
    private final MqttPublish publish;
    private final MqttMessage message;
    private final boolean duplicate;
    private final int packetId;
    private final AtomicBoolean settled;

    IncomingMessage(MqttPublish publish, boolean duplicate, int packetId) {
        this.publish = publish;
        this.duplicate = duplicate;
        this.packetId = packetId;
        this.message = new MqttMessage(
                publish.getTopic().toString(),
                publish.getPayloadAsBytes(),
                publish.getQos().getCode(),
                publish.isRetain());
        this.settled = new AtomicBoolean(message.qos() == 0);
    }

    @Override
    public MqttMessage message() {
        return message;
    }

    @Override
    public boolean duplicate() {
        return duplicate;
    }

    @Override
    public int packetId() {
        return packetId;
    }

    @Override
    public void acknowledge() {
        if (settle()) {
            publish.acknowledge();
        }
    }

    /** Whether the caller is the first: then nobody else can acknowledge it any more. */
    boolean settle() {
        return settled.compareAndSet(false, true);
    }

    boolean settled() {
        return settled.get();
    }

    MqttPublish publish() {
        return publish;
    }
}
