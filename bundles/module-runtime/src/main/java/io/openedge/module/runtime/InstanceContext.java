package io.openedge.module.runtime;

import ch.qos.logback.classic.Logger;
import io.openedge.app.ConfigException;
import io.openedge.app.InvalidValueException;
import io.openedge.config.LoggerConfig;
import io.openedge.engine.InstanceSpec;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import io.openedge.function.HostPort;
import io.openedge.module.ModuleInstance;
import io.openedge.module.ProcessUser;
import io.openedge.module.ServiceLocator;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.system.Gateway;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The one implementation of the modules' context. */
final class InstanceContext implements HostedContext {
    private final ModuleSetup setup;
    private final Connector connector;
    private final Consumer<InstanceContext> whenClosed;
    private final Owned owned = new Owned();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ModuleFile file;
    private final LoggerNames names;
    private final Logger logger;
    private volatile boolean stopping;
    private volatile boolean busy;
    private volatile Optional<FunctionTransport.Server> server = Optional.empty();
    private final Runnable giveLoggerBack;
    private final Optional<ConfigException> wrongSection;

    InstanceContext(
            ModuleSetup setup,
            LogFiles files,
            LoggerNames names,
            Connector connector,
            Consumer<InstanceContext> whenClosed) {
        this.names = names;
        this.setup = setup;
        this.connector = connector;
        this.whenClosed = whenClosed;
        this.file = ModuleFile.of(setup.directory(), setup.args());
        this.logger = files.plain(names.take(setup.service(), setup.instance()));
        Runnable giveBack = () -> {};
        Optional<ConfigException> wrong = Optional.empty();
        try {
            Optional<LoggerConfig> section = file.logger();
            if (section.isPresent()) {
                giveBack = files.equip(logger, section.get(), setup.directory());
            }
        } catch (ConfigException e) {
            wrong = Optional.of(e);
        }
        this.giveLoggerBack = giveBack;
        this.wrongSection = wrong;
        if (!logger.getName().endsWith("." + setup.instance())) {
            logger.info("instance '{}' logs as {}", setup.instance(), logger.getName());
        }
    }

    @Override
    public String service() {
        return setup.service();
    }

    @Override
    public String instance() {
        return setup.instance();
    }

    @Override
    public List<String> args() {
        return setup.args();
    }

    @Override
    public Map<String, String> environment() {
        return setup.environment();
    }

    @Override
    public Path directory() {
        return setup.directory();
    }

    @Override
    public Optional<ProcessUser> user() {
        return setup.user();
    }

    @Override
    public <T extends Record> T configuration(Class<T> type) throws ConfigException {
        T configuration = file.read(type, warning -> logger.warn("{}", warning.message()));
        if (wrongSection.isPresent()) {
            throw wrongSection.get();
        }
        return configuration;
    }

    @Override
    public MqttClient connect(MqttClientConfig config, MqttHandler handler) throws ConfigException {
        owned.requireOpen();
        MqttClient client =
                connector.connect(config, setup.directory(), setup.locator(), logger, () -> stopping, handler);
        return owned.add(new OwnedClient(owned, client, config.address()));
    }

    @Override
    public ServiceLocator locator() {
        return setup.locator();
    }

    @Override
    public Gateway gateway() {
        return setup.gateway();
    }

    @Override
    public FunctionConnection function(FunctionClientConfig config) throws FunctionException {
        owned.requireOpen();
        FunctionConnection connection =
                setup.functions().connect(located(config).in(setup.directory()));
        return owned.add(new OwnedFunctions(owned, connection, config.address()));
    }

    private FunctionClientConfig located(FunctionClientConfig config) throws FunctionException {
        if (config.inFramework()) {
            return config;
        }
        try {
            HostPort named = HostPort.parse(config.address());
            return setup.locator()
                    .locate(named.host(), named.port())
                    .map(place -> config.at(new HostPort(place.host(), place.port())))
                    .orElse(config);
        } catch (InvalidValueException e) {
            throw new FunctionException(Kind.UNAVAILABLE, e.getMessage());
        }
    }

    @Override
    public Optional<String> serve(ModuleInstance started) throws FunctionException {
        Optional<FunctionEndpoint> endpoint = started.endpoint();
        String given = setup.environment().getOrDefault(InstanceSpec.ADDRESS, "");
        FunctionServerConfig config = started.server();
        if (endpoint.isEmpty()
                || given.startsWith(FunctionClientConfig.IN_FRAMEWORK)
                || given.isEmpty() && config.address().isEmpty()) {
            return Optional.empty();
        }
        FunctionTransport.Server open =
                setup.functions().serve(at(config, given).in(setup.directory()), endpoint.get());
        server = Optional.of(open);
        logger.info("functions are served at {}", open.address());
        return Optional.of(open.address());
    }

    private static FunctionServerConfig at(FunctionServerConfig config, String given) throws FunctionException {
        try {
            return given.isEmpty() ? config : config.at(given);
        } catch (InvalidValueException e) {
            throw new FunctionException(Kind.UNAVAILABLE, InstanceSpec.ADDRESS + ": " + e.getMessage());
        }
    }

    @Override
    public org.slf4j.Logger logger() {
        return logger;
    }

    @Override
    public void busy(boolean now) {
        if (!closed.get()) { // code that was left behind holds no update back
            busy = now;
            HostedContext.super.busy(now);
        }
    }

    /** The next run of the instance is not busy because this one was. */
    private void noLongerBusy() {
        if (busy) {
            try {
                HostedContext.super.busy(false);
            } catch (RuntimeException e) { // the gateway stops, or the instance is gone for it
                logger.debug("the gateway does not hear that it is no longer busy", e);
            }
        }
    }

    @Override
    public void fail(Throwable cause) {
        setup.failure().accept(cause);
    }

    @Override
    public void stopping() {
        stopping = true;
        server.ifPresent(FunctionTransport.Server::drain);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        noLongerBusy();
        server.ifPresent(FunctionTransport.Server::close);
        for (Owned.Handle forgotten : owned.close()) {
            logger.warn("the module left its {} open; it is closed now", forgotten.what());
            try {
                forgotten.release();
            } catch (RuntimeException e) {
                logger.warn("the {} did not close cleanly", forgotten.what(), e);
            }
        }
        giveLoggerBack.run();
        names.giveBack(setup.service(), setup.instance(), logger.getName());
        whenClosed.accept(this);
    }
}
