package io.openedge.agent;

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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an agent has around it: its folder, a real connection, a gateway. */
record AgentContext(Path directory, Gateway gateway) implements ModuleContext {
    @Override
    public String service() {
        return "agent";
    }

    @Override
    public String instance() {
        return "agent";
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
    public <T extends Record> T configuration(Class<T> type) throws ConfigException {
        return ConfigReader.read(
                resolve("etc/openedge/service.yml"), type, warning -> logger().warn("{}", warning.message()));
    }

    @Override
    public MqttClient connect(MqttClientConfig config, MqttHandler handler) throws ConfigException {
        return MqttClients.connect(config, directory, locator(), logger(), handler);
    }

    @Override
    public ServiceLocator locator() {
        return (host, port) -> Optional.empty();
    }

    @Override
    public FunctionConnection function(FunctionClientConfig config) {
        throw new AssertionError("an agent calls no function");
    }

    @Override
    public Logger logger() {
        return LoggerFactory.getLogger("service.agent.agent");
    }

    @Override
    public void fail(Throwable cause) {
        throw new AssertionError(cause);
    }
}
