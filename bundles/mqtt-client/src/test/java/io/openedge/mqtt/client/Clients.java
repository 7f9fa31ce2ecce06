package io.openedge.mqtt.client;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.app.ConfigException;
import io.openedge.module.ServiceLocator;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttSubscription;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.rules.ExternalResource;

/** Opens connections for a test, closes them after it, and keeps what they logged. */
final class Clients extends ExternalResource {
    final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = new LoggerContext().getLogger("test");
    private final List<MqttClient> open = new ArrayList<>();
    ServiceLocator locator = (host, port) -> Optional.empty();
    /** What the connections speak. */
    String version = "3.1.1";

    Path directory = Path.of("").toAbsolutePath();

    @Override
    protected void before() {
        log.start();
        logger.addAppender(log);
    }

    @Override
    protected void after() {
        open.forEach(MqttClient::close);
    }

    MqttClient connect(MqttClientConfig config, MqttHandler handler) throws ConfigException {
        MqttClient client = MqttClients.connect(speaking(config, version), directory, locator, logger, handler);
        open.add(client);
        return client;
    }

    List<String> logged() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static MqttClientConfig speaking(MqttClientConfig config, String version) {
        return new MqttClientConfig(
                config.address(),
                version,
                config.username(),
                config.password(),
                config.ca(),
                config.cert(),
                config.key(),
                config.insecure(),
                config.clientId(),
                config.timeout(),
                config.interval(),
                config.keepAlive(),
                config.cleanSession(),
                config.validateSubs(),
                config.bufferSize(),
                config.subscriptions());
    }

    /** A persistent session, short waits. */
    static MqttClientConfig config(String address, String id, MqttSubscription... subscriptions) {
        return login(address, id, "", "", false, subscriptions);
    }

    static MqttClientConfig login(
            String address, String id, String user, String password, boolean strict, MqttSubscription... filters) {
        return new MqttClientConfig(
                address,
                null,
                user,
                password,
                "",
                "",
                "",
                false,
                id,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                id.isEmpty(),
                strict,
                10,
                List.of(filters));
    }

    static String tcp(Mosquitto broker) {
        return "tcp://127.0.0.1:" + broker.port();
    }

    static MqttMessage message(String topic, String text, int qos) {
        return new MqttMessage(topic, text.getBytes(StandardCharsets.UTF_8), qos, false);
    }
}
