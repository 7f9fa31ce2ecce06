package io.openedge.cli.fn;

import io.openedge.app.ConfigException;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.module.ModuleContext;
import io.openedge.module.ServiceLocator;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.system.Gateway;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * The world of a function runtime that has no gateway: a directory, a configuration, a log. Any thread.
 *
 * @param service its name
 * @param directory of the service, absolute
 * @param environment of the functions
 * @param config what its service.yml says
 * @param logger of the runtime
 */
record LocalContext(String service, Path directory, Map<String, String> environment, Record config, Logger logger)
        implements ModuleContext {
    private static final String ALONE = "a function that is tried has no gateway";

    @Override
    public String instance() {
        return service + ".fn";
    }

    @Override
    public List<String> args() {
        return List.of();
    }

    @Override
    public <T extends Record> T configuration(Class<T> type) throws ConfigException {
        return type.cast(config);
    }

    @Override
    public MqttClient connect(MqttClientConfig hub, MqttHandler handler) throws ConfigException {
        throw new ConfigException(ALONE);
    }

    @Override
    public ServiceLocator locator() {
        return (host, port) -> Optional.empty();
    }

    @Override
    public Gateway gateway() {
        throw new UnsupportedOperationException(ALONE);
    }

    @Override
    public FunctionConnection function(FunctionClientConfig other) throws FunctionException {
        throw new FunctionException(Kind.UNAVAILABLE, ALONE);
    }

    /** The next message gets another worker; the log has the reason. */
    @Override
    public void fail(Throwable cause) {
        logger.error("{}", cause.getMessage());
    }

    /** A logger that hands its lines on. */
    static Logger logTo(Consumer<String> lines) {
        return new LineLogger(lines);
    }
}
