package io.openedge.timer;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.openedge.app.ConfigException;
import io.openedge.config.ConfigReader;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.module.ModuleContext;
import io.openedge.module.ServiceLocator;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.system.Gateway;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;

/** What a timer has around it: a hub in memory, a log that remembers, and the text of its configuration. */
final class FakeWorld implements ModuleContext {
    final FakeHub hub = new FakeHub();
    /** Sessions that were opened at the hub. */
    final List<MqttClientConfig> sessions = new ArrayList<>();
    /** Levels and texts of the log, and the warnings of the configuration. */
    final List<String> logged = new ArrayList<>();

    private final String configuration;
    private final Logger logger = remembering();

    FakeWorld(String... lines) {
        configuration = String.join("\n", lines);
    }

    @Override
    public String service() {
        return "timer";
    }

    @Override
    public String instance() {
        return "timer.i1";
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
        return Path.of("").toAbsolutePath();
    }

    @Override
    public <T extends Record> T configuration(Class<T> type) throws ConfigException {
        return ConfigReader.read(configuration, "service.yml", type, warning -> logged.add(warning.message()));
    }

    @Override
    public MqttClient connect(MqttClientConfig config, MqttHandler handler) {
        sessions.add(config);
        return hub;
    }

    @Override
    public ServiceLocator locator() {
        return (host, port) -> Optional.empty();
    }

    @Override
    public Gateway gateway() {
        throw new AssertionError("a timer asks nothing of the gateway");
    }

    @Override
    public FunctionConnection function(FunctionClientConfig config) {
        throw new AssertionError("a timer calls no function");
    }

    @Override
    public Logger logger() {
        return logger;
    }

    private Logger remembering() {
        LoggerContext loggers = new LoggerContext();
        AppenderBase<ILoggingEvent> memory = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                logged.add(event.getLevel() + " " + event.getFormattedMessage());
            }
        };
        memory.setContext(loggers);
        memory.start();
        var log = loggers.getLogger("service.timer.timer");
        log.addAppender(memory);
        return log;
    }

    @Override
    public void fail(Throwable cause) {
        throw new AssertionError(cause);
    }
}
