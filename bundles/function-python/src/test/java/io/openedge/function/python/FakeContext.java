package io.openedge.function.python;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.module.ModuleContext;
import io.openedge.module.ProcessUser;
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
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;

/** The world around a runtime: a directory, a configuration, a log that remembers, and how it failed. */
final class FakeContext implements ModuleContext {
    final Map<String, String> environment = new TreeMap<>();
    Optional<ProcessUser> user = Optional.empty();
    final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final Path directory;
    private final PythonConfig config;
    private final ch.qos.logback.classic.Logger logger;
    private final Lines lines = new Lines();

    private static final class Lines extends ListAppender<ILoggingEvent> {
        @Override
        public synchronized void doAppend(ILoggingEvent event) {
            super.doAppend(event);
        }

        synchronized List<ILoggingEvent> snapshot() {
            return new ArrayList<>(list);
        }
    }

    FakeContext(Path directory, PythonConfig config) {
        this.directory = directory;
        this.config = config;
        LoggerContext loggers = new LoggerContext();
        lines.setContext(loggers);
        lines.start();
        logger = loggers.getLogger("service.sayhi.sayhi.sayhi.1");
        logger.setLevel(Level.DEBUG);
        logger.addAppender(lines);
    }

    List<String> logged(Level level) {
        return events().filter(e -> e.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private Stream<ILoggingEvent> events() {
        return lines.snapshot().stream();
    }

    @Override
    public String service() {
        return "sayhi";
    }

    @Override
    public String instance() {
        return "sayhi.sayhi.1";
    }

    @Override
    public List<String> args() {
        return List.of();
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public Optional<ProcessUser> user() {
        return user;
    }

    @Override
    public <T extends Record> T configuration(Class<T> type) {
        return type.cast(config);
    }

    @Override
    public MqttClient connect(MqttClientConfig hub, MqttHandler handler) {
        throw new UnsupportedOperationException("a runtime has no hub");
    }

    @Override
    public ServiceLocator locator() {
        return (host, port) -> Optional.empty();
    }

    @Override
    public Gateway gateway() {
        throw new UnsupportedOperationException("a runtime asks nothing of the gateway");
    }

    @Override
    public FunctionConnection function(FunctionClientConfig config) throws FunctionException {
        throw new FunctionException(FunctionException.Kind.UNAVAILABLE, "a runtime calls nobody");
    }

    @Override
    public Logger logger() {
        return logger;
    }

    @Override
    public void fail(Throwable cause) {
        failure.complete(cause);
    }
}
