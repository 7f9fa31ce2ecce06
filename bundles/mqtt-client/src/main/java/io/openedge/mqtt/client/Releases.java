package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.message.publish.MqttPublish;
import com.hivemq.client.internal.mqtt.message.publish.pubrec.MqttPubRec;
import com.hivemq.client.internal.mqtt.message.publish.pubrel.MqttPubRel;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientConfig;
import com.hivemq.client.mqtt.mqtt5.advanced.interceptor.qos2.Mqtt5OutgoingQos2Interceptor;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubcomp.Mqtt5PubComp;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubrec.Mqtt5PubRec;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubrel.Mqtt5PubRel;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubrel.Mqtt5PubRelBuilder;

/**
 * Tells the outbox of the second half of QoS 2, which the HiveMQ client keeps from the stream of results. Thread rule: the
 * connection's thread.
 */
record Releases(Outbox outbox) implements Mqtt5OutgoingQos2Interceptor {
    @Override
    public void onPubRec(
            Mqtt5ClientConfig client, Mqtt5Publish publish, Mqtt5PubRec received, Mqtt5PubRelBuilder release) {
        outbox.received(((MqttPubRec) received).getPacketIdentifier(), (MqttPublish) publish);
    }

    @Override
    public void onPubRecError(Mqtt5ClientConfig client, Mqtt5Publish publish, Mqtt5PubRec refused) {}

    @Override
    public void onPubComp(Mqtt5ClientConfig client, Mqtt5PubRel release, Mqtt5PubComp completed) {
        outbox.completed(((MqttPubRel) release).getPacketIdentifier());
    }
}
