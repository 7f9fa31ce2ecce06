package io.openedge.function.manager;

import ch.qos.logback.classic.Level;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;

/** What a manager has around it: hub, gateway and functions of the test, and a configuration in a real file. */
public final class FakeWorld implements ModuleContext {
    public final FakeGateway gateway = new FakeGateway();
    public final FakeFunctions functions = new FakeFunctions();
    public final FakeHub hub = new FakeHub();
    public final List<String> warnings = new ArrayList<>();
    /** Levels and texts of the log. */
    public final List<String> logged = new CopyOnWriteArrayList<>();

    private final Path directory;
    private final Logger logger = remembering();

    public FakeWorld(Path directory) {
        this.directory = directory;
    }

    /** Writes etc/openedge/service.yml. */
    public FakeWorld configured(String... lines) throws IOException {
        Path file = Files.createDirectories(directory.resolve("etc/openedge")).resolve("service.yml");
        Files.writeString(file, String.join("\n", lines));
        return this;
    }

    @Override
    public String service() {
        return "function-manager";
    }

    @Override
    public String instance() {
        return "function-manager";
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
        return ConfigReader.read(resolve("etc/openedge/service.yml"), type, warning -> warnings.add(warning.message()));
    }

    @Override
    public MqttClient connect(MqttClientConfig config, MqttHandler handler) {
        return hub.connect(config, handler);
    }

    @Override
    public ServiceLocator locator() {
        return (host, port) -> Optional.empty();
    }

    @Override
    public Gateway gateway() {
        return gateway;
    }

    @Override
    public FunctionConnection function(FunctionClientConfig config) {
        return functions.connect(config.address());
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
        var log = loggers.getLogger("service.function-manager.function-manager");
        log.addAppender(memory);
        log.setLevel(Level.INFO);
        return log;
    }

    @Override
    public void fail(Throwable cause) {
        throw new AssertionError(cause);
    }
}
