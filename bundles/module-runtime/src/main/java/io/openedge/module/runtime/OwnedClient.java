package io.openedge.module.runtime;

import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttMessage;
import java.util.concurrent.CompletionStage;

/** A connection to a broker that its context closes when the module forgets it. */
final class OwnedClient extends Owned.Handle implements MqttClient {
    private final Owned owned;
    private final MqttClient client;
    private final String address;

    OwnedClient(Owned owned, MqttClient client, String address) {
        this.owned = owned;
        this.client = client;
        this.address = address;
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
    public void close() {
        owned.remove(this);
        release();
    }

    @Override
    String what() {
        return "connection to " + address;
    }

    @Override
    void release() {
        client.close();
    }
}
