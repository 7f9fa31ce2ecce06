package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.datatypes.MqttTopicFilterImpl;
import com.hivemq.client.internal.mqtt.datatypes.MqttUserPropertiesImpl;
import com.hivemq.client.internal.mqtt.message.subscribe.MqttSubscribe;
import com.hivemq.client.internal.mqtt.message.subscribe.MqttSubscription;
import com.hivemq.client.internal.util.collections.ImmutableList;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import io.openedge.app.ConfigException;
import io.openedge.module.ServiceLocator;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
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
     * @throws ConfigException when the address, a topic filter, a certificate or a key of the configuration cannot be
     *     used
     */
    public static MqttClient connect(
            MqttClientConfig config, Path directory, ServiceLocator locator, Logger logger, MqttHandler handler)
            throws ConfigException {
        return connect(config, directory, locator, logger, () -> false, handler);
    }

    /**
     * As above, for a user that may be stopped together with its broker.
     *
     * @param stopping whether the user is being stopped: then a connection that is lost is no warning; any thread
     */
    public static MqttClient connect(
            MqttClientConfig config,
            Path directory,
            ServiceLocator locator,
            Logger logger,
            BooleanSupplier stopping,
            MqttHandler handler)
            throws ConfigException {
        Settings settings = settings(config, directory);
        if (settings.cleanSession() != config.cleanSession()) {
            logger.warn("clientid is missing: the session at {} ends with the connection", config.address());
        }
        new DirectScheduler().insteadOfPools();
        Connection connection = new Connection(settings, locator, logger, stopping, handler);
        connection.start();
        return connection;
    }

    private static Settings settings(MqttClientConfig config, Path directory) throws ConfigException {
        Endpoint endpoint = Endpoint.of(config.address());
        Optional<MqttClientSslConfig> tls =
                endpoint.tls() ? Optional.of(ClientTls.of(config, directory)) : Optional.empty();
        // Only a client that has a name can come back to its session.
        boolean named = !config.clientId().isEmpty();
        return new Settings(
                config,
                endpoint,
                tls,
                subscribe(config),
                named ? config.clientId() : madeUpId(),
                config.cleanSession() || !named);
    }

    private static String madeUpId() {
        return "openedge-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private static MqttSubscribe subscribe(MqttClientConfig config) throws ConfigException {
        ImmutableList.Builder<MqttSubscription> filters = ImmutableList.builder();
        for (var each : config.subscriptions()) {
            try {
                filters.add(new MqttSubscription(
                        MqttTopicFilterImpl.of(each.topic()),
                        Objects.requireNonNull(MqttQos.fromCode(each.qos())),
                        Mqtt5Subscription.DEFAULT_NO_LOCAL,
                        Mqtt5Subscription.DEFAULT_RETAIN_HANDLING,
                        Mqtt5Subscription.DEFAULT_RETAIN_AS_PUBLISHED));
            } catch (IllegalArgumentException wrong) {
                throw new ConfigException("subscriptions.topic: '" + each.topic() + "': " + wrong.getMessage(), wrong);
            }
        }
        return new MqttSubscribe(filters.build(), MqttUserPropertiesImpl.NO_USER_PROPERTIES);
    }
}
