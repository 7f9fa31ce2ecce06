package io.openedge.module.runtime;

import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttVersion;
import java.util.concurrent.CompletionStage;

/** A connection to a broker that its context closes when the module forgets it. */
final class OwnedClient extends Owned.Handle implements MqttClient {
    private final MqttClient client;

    OwnedClient(Owned owned, MqttClient client, String address) {
        super(owned, "connection to " + address);
        this.client = client;
    }

    @Override
    public CompletionStage<Void> publish(MqttMessage message) {
        return client.publish(message);
    }

    @Override
    public boolean connected() {
        return client.connected();
    }

    @Override
    public MqttVersion version() {
        return client.version();
    }

    @Override
    void release() {
        client.close();
    }
}
