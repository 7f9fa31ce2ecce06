package io.openedge.module;

import io.openedge.app.ConfigException;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionException;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.system.Gateway;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * All that a module has of the world around it, the same under every engine. Thread rule: any thread. What it hands out
 * (connections) belongs to the module, which closes it.
 */
public interface ModuleContext {
    /** Name of the service. */
    String service();

    /** Name of the instance. */
    String instance();

    /** What the application gives after the program's name. */
    List<String> args();

    /** What is the environment of a process: the service's {@code env} and OPENEDGE_*. */
    Map<String, String> environment();

    /** The service's directory, absolute. */
    Path directory();

    /** As whom it runs what it starts outside of this process; empty: as this process itself. */
    default Optional<ProcessUser> user() {
        return Optional.empty();
    }

    /** Takes a path of a configuration: relative ones in {@link #directory()}. */
    default Path resolve(String path) {
        return directory().resolve(path).normalize();
    }

    /**
     * Reads etc/openedge/service.yml, or what {@code -c FILE} in the arguments names, as the record {@code type}; says
     * its warnings in the log.
     *
     * @throws ConfigException when the file is not there or has a wrong value
     */
    <T extends Record> T configuration(Class<T> type) throws ConfigException;

    /**
     * Opens a connection to a hub or another broker and keeps it. Returns at once; the handler hears when it is up.
     * Paths of the configuration are taken in {@link #directory()}, names of services where they are.
     *
     * @throws ConfigException when a certificate or key of the configuration cannot be used
     */
    MqttClient connect(MqttClientConfig config, MqttHandler handler) throws ConfigException;

    /** Where the application's services are. */
    ServiceLocator locator();

    /** What this instance may ask of the gateway. */
    Gateway gateway();

    /**
     * The functions of another instance.
     *
     * @param address as {@link Gateway#startInstance} answered it
     * @throws FunctionException when nothing can serve that address here
     */
    default FunctionConnection function(String address) throws FunctionException {
        return function(FunctionClientConfig.of(address));
    }

    /**
     * The functions at an address. A host that is the name of a service means that service; files are taken in
     * {@link #directory()}.
     *
     * @throws FunctionException when nothing can serve that address here
     */
    FunctionConnection function(FunctionClientConfig config) throws FunctionException;

    /** The logger of this instance, with its own file and level when the configuration has {@code logger:}. */
    Logger logger();

    /**
     * Says that this is a bad moment for a change: an update waits until it is over, at most {@code update.defer.max}.
     *
     * @param busy whether it is one from now on
     */
    default void busy(boolean busy) {
        gateway().report(service(), instance(), Map.of("openedge", Map.of("busy", busy)));
    }

    /** Says that the instance cannot go on: it ends as failed and its restart policy applies. Returns at once. */
    void fail(Throwable cause);
}
