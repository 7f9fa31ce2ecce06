package io.openedge.cli.fn;

import io.openedge.app.ConfigException;
import io.openedge.config.ConfigReader;
import io.openedge.function.FunctionMessage;
import io.openedge.function.python.Python27Module;
import io.openedge.function.python.Python36Module;
import io.openedge.function.python.PythonConfig;
import io.openedge.function.python.PythonConfig.FunctionConfig;
import io.openedge.module.Module;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** One function of a runtime, computed here as the gateway would: the same worker, limits and log. One thread. */
public final class LocalFunctions implements AutoCloseable {
    private static final String PYTHON_27 = "openedge-function-python27";

    private final String function;
    private final LocalRuntime runtime;
    private final Clock clock;
    private long lastId;

    /**
     * What is run.
     *
     * @param service name of the service
     * @param image openedge-function-python27 or openedge-function-python36
     * @param configuration its service.yml
     * @param directory where its relative paths are
     * @param environment of the service
     * @param places where a path that the service sees is on this host
     */
    public record Source(
            String service,
            String image,
            Path configuration,
            Path directory,
            Map<String, String> environment,
            UnaryOperator<String> places) {}

    /**
     * @param function one of the source
     * @param limit of a call
     * @param log takes the lines of the runtime's log
     * @throws ConfigException names file, line, key, value and what is allowed
     */
    public LocalFunctions(Source source, String function, Duration limit, Consumer<String> log, Clock clock)
            throws ConfigException {
        PythonConfig config = ConfigReader.read(
                source.configuration(), PythonConfig.class, warning -> log.accept("WARN " + warning.message()));
        List<String> names =
                config.functions().stream().map(FunctionConfig::name).toList();
        if (!names.contains(function)) {
            throw new ConfigException(source.configuration() + ": functions: '" + function
                    + "' is not there; there are " + String.join(", ", names));
        }
        this.function = function;
        this.clock = clock;
        this.runtime = new LocalRuntime(
                module(source.image()),
                new LocalContext(
                        source.service(),
                        source.directory(),
                        environment(source),
                        local(source, config),
                        LocalContext.logTo(log)),
                limit);
    }

    private static Module module(String image) {
        return image.equals(PYTHON_27) ? new Python27Module() : new Python36Module();
    }

    private static Map<String, String> environment(Source source) {
        Map<String, String> environment = new LinkedHashMap<>(source.environment());
        environment.put("OPENEDGE_SERVICE_NAME", source.service());
        environment.put("OPENEDGE_SERVICE_INSTANCE_NAME", source.service() + ".fn");
        environment.put("OPENEDGE_RUNNING_MODE", "osgi");
        environment.put("OPENEDGE_HOST_OS", "linux");
        return environment;
    }

    /** With folders as they are on this host. */
    private static PythonConfig local(Source source, PythonConfig config) throws ConfigException {
        List<FunctionConfig> functions = config.functions().stream()
                .map(f -> new FunctionConfig(
                        f.name(),
                        f.handler(),
                        source.places().apply(f.codedir()),
                        f.memory(),
                        f.cpu(),
                        f.message(),
                        f.reload()))
                .collect(Collectors.toList());
        for (int i = 0; i < functions.size(); i++) {
            Path folder = source.directory().resolve(functions.get(i).codedir());
            if (!Files.isDirectory(folder)) {
                throw new ConfigException(source.configuration() + ": functions[" + i + "].codedir: '"
                        + config.functions().get(i).codedir() + "' is not allowed here; allowed: a folder; there is no "
                        + folder);
            }
        }
        return new PythonConfig(config.server(), functions, config.python(), config.logger());
    }

    /** Starts the runtime: loads all of its functions. */
    public void start() throws Exception {
        runtime.start();
    }

    /**
     * Computes a message, once.
     *
     * @return the result; empty: nothing would be published
     * @throws io.openedge.function.FunctionException when there is no answer
     */
    public byte[] call(String topic, int qos, byte[] payload) throws Exception {
        FunctionMessage message = new FunctionMessage(
                ++lastId,
                qos,
                topic,
                payload,
                clock.instant().getEpochSecond(),
                function,
                UUID.randomUUID().toString());
        return runtime.call(message).payload();
    }

    @Override
    public void close() throws Exception {
        runtime.close();
    }
}
