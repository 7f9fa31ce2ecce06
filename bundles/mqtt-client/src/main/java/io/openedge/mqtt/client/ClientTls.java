package io.openedge.mqtt.client;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import io.openedge.app.ConfigException;
import io.openedge.mqtt.MqttClientConfig;
import java.nio.file.Path;

/** What a TLS connection needs, read from PEM files. Stateless. */
final class ClientTls {
    private ClientTls() {}

    static MqttClientSslConfig of(MqttClientConfig config, Path directory) throws ConfigException {
        throw new ConfigException("address: " + config.address() + ": TLS is not supported yet");
    }
}
