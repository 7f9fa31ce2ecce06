package io.openedge.engine.docker;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an instance on demand serves: inside its container always at the same port, for the host at one that the engine
 * picked and that stays with the container. Immutable.
 *
 * @param port of the host's loopback
 */
record Endpoint(int port) {
    static final int INSIDE = 50051;
    private static final Pattern PORT = Pattern.compile(":([1-9]\\d{0,4})$");
    private static final String LOOPBACK = "127.0.0.1";

    /** Nothing when the instance runs for itself, or was given an address by who started it. */
    static Optional<Endpoint> pick(InstanceSpec spec) throws EngineException {
        if (!spec.wantsAddress()) {
            return Optional.empty();
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            return Optional.of(new Endpoint(free.getLocalPort()));
        } catch (IOException e) {
            throw new EngineException("instance '" + spec.name() + "': there is no free port: " + e.getMessage(), e);
        }
    }

    /** Of the address that whoever started the instance gave it. */
    static Optional<Integer> portOf(Map<String, String> environment) {
        Matcher port = PORT.matcher(environment.getOrDefault(InstanceSpec.ADDRESS, ""));
        return port.find()
                ? Optional.of(Integer.valueOf(port.group(1))).filter(number -> number <= 0xFFFF)
                : Optional.empty();
    }

    PortBinding binding() {
        return new PortBinding(Ports.Binding.bindIpAndPort(LOOPBACK, port), ExposedPort.tcp(INSIDE));
    }

    /** What the instance is told. */
    Map<String, String> environment() {
        String address = "0.0.0.0:" + INSIDE;
        return Map.of(InstanceSpec.ADDRESS, address, InstanceSpec.OLDER_ADDRESS, address);
    }

    /** For callers on the host. */
    String onHost() {
        return LOOPBACK + ":" + port;
    }

    /** For callers in containers: they know each other by name. */
    static String inside(String instance) {
        return instance + ":" + INSIDE;
    }
}
