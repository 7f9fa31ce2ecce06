package io.openedge.remote.mqtt;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.app.ConfigException;
import io.openedge.config.ConfigReader;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.module.ModuleContext;
import io.openedge.module.ServiceLocator;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.client.MqttClients;
import io.openedge.system.Gateway;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a bridge has around it: real connections, the text of its configuration, a log and a report that are remembered. */
class World implements ModuleContext {
    final List<MqttClientConfig> sessions = new CopyOnWriteArrayList<>();
    final List<String> warnings = new CopyOnWriteArrayList<>();
    volatile Map<String, Object> reported = Map.of();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = new LoggerContext().getLogger("remote");
    private final Path directory;
    private final String configuration;

    World(Path directory, String... lines) {
        this.directory = directory;
        this.configuration = String.join("\n", lines);
        log.start();
        logger.addAppender(log);
    }

    /** Texts of the log, warnings and worse. */
    List<String> logged() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel().levelInt >= ch.qos.logback.classic.Level.WARN_INT)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** A value that is reported of a remote. */
    String reported(String remote, String key) {
        return reported.get("remotes") instanceof Map<?, ?> remotes && remotes.get(remote) instanceof Map<?, ?> values
                ? String.valueOf(values.get(key))
                : "";
    }

    @Override
    public String service() {
        return "remote";
    }

    @Override
    public String instance() {
        return "remote";
    }

    @Override
    public List<String> args() {
        return List.of();
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public <T extends Record> T configuration(Class<T> type) throws ConfigException {
        return ConfigReader.read(configuration, "service.yml", type, warning -> warnings.add(warning.message()));
    }

    @Override
    public MqttClient connect(MqttClientConfig config, MqttHandler handler) throws ConfigException {
        sessions.add(config);
        return MqttClients.connect(config, directory, locator(), logger, handler);
    }

    @Override
    public ServiceLocator locator() {
        return (host, port) -> Optional.empty();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Gateway gateway() {
        return (Gateway) Proxy.newProxyInstance(
                Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("report")) {
                        throw new AssertionError("a bridge asks nothing of the gateway");
                    }
                    reported = (Map<String, Object>) arguments[2];
                    return null;
                });
    }

    @Override
    public FunctionConnection function(FunctionClientConfig config) {
        throw new AssertionError("a bridge calls no function");
    }

    @Override
    public org.slf4j.Logger logger() {
        return logger;
    }

    @Override
    public void fail(Throwable cause) {
        throw new AssertionError(cause);
    }
}
