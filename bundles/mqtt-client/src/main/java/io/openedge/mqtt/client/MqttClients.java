package io.openedge.mqtt.client;

import io.openedge.app.ConfigException;
import io.openedge.module.ServiceLocator;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import java.nio.file.Path;
import org.slf4j.Logger;

/** Opens connections to a hub or another broker. Stateless; any thread. */
public final class MqttClients {
    private MqttClients() {}

    /**
     * Opens a connection and keeps it until it is closed: also the first connect is tried again. Returns at once.
     *
     * @param directory relative paths of {@code ca}, {@code cert} and {@code key} are taken in it
     * @param locator says where a host that is the name of a service is; asked before each try
     * @param logger hears of changes of the connection's state
     * @param handler called on the connection's thread, one call at a time
     * @throws ConfigException when a certificate or key of the configuration cannot be used
     */
    public static MqttClient connect(
            MqttClientConfig config, Path directory, ServiceLocator locator, Logger logger, MqttHandler handler)
            throws ConfigException {
        throw new ConfigException("MQTT connections are not supported yet");
    }
}
