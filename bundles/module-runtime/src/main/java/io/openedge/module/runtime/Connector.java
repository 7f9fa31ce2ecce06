package io.openedge.module.runtime;

import io.openedge.app.ConfigException;
import io.openedge.module.ServiceLocator;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;

/** Opens a connection to a broker. */
@FunctionalInterface
interface Connector {
    MqttClient connect(
            MqttClientConfig config,
            Path directory,
            ServiceLocator locator,
            Logger logger,
            BooleanSupplier stopping,
            MqttHandler handler)
            throws ConfigException;
}
