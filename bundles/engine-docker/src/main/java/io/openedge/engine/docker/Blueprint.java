package io.openedge.engine.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import io.openedge.app.Resources;
import io.openedge.app.ServiceSpec;
import io.openedge.config.DeviceMapping;
import io.openedge.config.PublishedPort;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.Volumes;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the containers of a service have in common. Immutable.
 *
 * @param mounts of its volumes
 * @param labels of each container
 * @param capabilities beyond Docker's default
 */
record Blueprint(
        ServiceSpec service, List<MountPoint> mounts, Map<String, String> labels, List<Capability> capabilities) {
    /** The network that all containers of gateways share. */
    static final String NETWORK = "openedge";

    /** Docker keeps so much of what a container writes. */
    private static final Map<String, String> LOG = Map.of("max-size", "10m", "max-file", "3");

    private static final String MASTER = "OPENEDGE_MASTER_API";
    private static final String HOST = "openedge-gateway";
    private static final String TO_HOST = ":host-gateway";
    private static final Set<String> THIS_HOST = Set.of("0.0.0.0", "127.0.0.1", "localhost", "[::]", "[::1]");
    private static final double NANO = 1e9;

    /** @throws EngineException when a mount or a capability is none */
    static Blueprint of(ServiceSpec service, Volumes volumes, Identity identity) throws EngineException {
        return new Blueprint(
                service, MountPoint.of(service, volumes), identity.labels(service.name()), capabilities(service));
    }

    private static List<Capability> capabilities(ServiceSpec service) throws EngineException {
        List<Capability> all = new ArrayList<>();
        for (String name : service.privileges().capabilities()) {
            all.add(Arrays.stream(Capability.values())
                    .filter(capability -> capability.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new EngineException("service '" + service.name()
                            + "': privileges.capabilities: '" + name + "' is not allowed here; allowed: "
                            + Arrays.stream(Capability.values()).map(Enum::name).collect(Collectors.joining(", ")))));
        }
        return List.copyOf(all);
    }

    /**
     * The container of an instance.
     *
     * @param confinement how tightly it is held
     * @param wanted what is made
     */
    CreateContainerCmd container(CreateContainerCmd request, InstanceSpec spec, Confinement confinement, Body wanted) {
        List<PortBinding> ports = ports();
        Map<String, String> environment = new TreeMap<>(spec.environment());
        wanted.endpoint().ifPresent(own -> {
            ports.add(own.binding());
            environment.putAll(own.environment());
        });
        wanted.sign().ifPresent(sign -> environment.putAll(sign.environment()));
        environment.computeIfPresent(MASTER, (key, address) -> seenFromInside(address));
        CreateContainerCmd container = request.withName(spec.name())
                .withLabels(labels)
                .withEnv(environment.entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList())
                .withExposedPorts(
                        ports.stream().map(PortBinding::getExposedPort).toList())
                .withHostConfig(host(spec, confinement, wanted.sign()).withPortBindings(ports));
        if (!spec.args().isEmpty()) {
            container = container.withCmd(spec.args());
        }
        return confinement.user().isEmpty() ? container : container.withUser(confinement.user());
    }

    private HostConfig host(InstanceSpec spec, Confinement confinement, Optional<ReadySign> sign) {
        List<MountPoint> all = new ArrayList<>(mounts);
        api(spec).ifPresent(all::add);
        sign.map(ReadySign::mount).ifPresent(all::add);
        HostConfig host = HostConfig.newHostConfig()
                .withNetworkMode(NETWORK)
                .withMounts(all.stream().map(MountPoint::bind).toList())
                .withRestartPolicy(RestartPolicy.noRestart())
                .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, LOG))
                .withExtraHosts(hosts(spec))
                .withDevices(service.devices().stream()
                        .map(DeviceMapping::parse)
                        .map(device -> new Device(device.rights(), device.container(), device.host()))
                        .toList())
                .withCapDrop(confinement.dropped().toArray(Capability[]::new))
                .withCapAdd(Stream.concat(capabilities.stream(), confinement.kept().stream())
                        .distinct()
                        .toArray(Capability[]::new));
        if (!service.privileges().escalate()) {
            host = host.withSecurityOpts(List.of("no-new-privileges"));
        }
        if (confinement.readOnly()) {
            host = host.withReadonlyRootfs(true).withTmpFs(scratch(confinement.writable()));
        }
        if (!service.runtime().isEmpty()) {
            host = host.withRuntime(service.runtime());
        }
        return limited(host, service.resources());
    }

    /** Where programs write when their root is read-only; never over a volume of the service or of the image. */
    private Map<String, String> scratch(Set<Path> writable) {
        Map<String, String> folders = new HashMap<>();
        for (String folder : List.of("/tmp", "/run", "/var/log/openedge", "/var/db/openedge")) {
            Path path = Path.of(folder);
            boolean mounted = mounts.stream()
                    .anyMatch(mount -> mount.target().startsWith(path) || path.startsWith(mount.target()));
            if (!mounted && !writable.contains(path)) {
                folders.put(folder, "rw,nosuid,nodev,mode=1777,size=64m");
            }
        }
        return folders;
    }

    private static HostConfig limited(HostConfig host, Resources resources) {
        HostConfig limited = host;
        if (resources.cpu().cpus() > 0) {
            limited = limited.withNanoCPUs((long) (resources.cpu().cpus() * NANO));
        }
        if (!resources.cpu().setCpus().isEmpty()) {
            limited = limited.withCpusetCpus(resources.cpu().setCpus());
        }
        if (resources.memory().limit().bytes() > 0) {
            limited = limited.withMemory(resources.memory().limit().bytes());
        }
        if (resources.memory().swap().bytes() > 0) {
            limited = limited.withMemorySwap(resources.memory().swap().bytes());
        }
        if (resources.pids().limit() > 0) {
            limited = limited.withPidsLimit(resources.pids().limit());
        }
        return limited;
    }

    private List<PortBinding> ports() {
        List<PortBinding> all = new ArrayList<>();
        for (String entry : service.ports()) {
            PublishedPort port = PublishedPort.parse(entry);
            InternetProtocol protocol = InternetProtocol.parse(port.protocol());
            for (int n = 0; n < port.container().size(); n++) {
                all.add(new PortBinding(
                        new Ports.Binding(port.address().isEmpty() ? null : port.address(), hostPort(port, n)),
                        new ExposedPort(port.container().first() + n, protocol)));
            }
        }
        return all;
    }

    private static String hostPort(PublishedPort port, int n) {
        if (port.host().equals(PublishedPort.Range.ANY)) {
            return "";
        }
        return port.container().size() == port.host().size()
                ? String.valueOf(port.host().first() + n)
                : port.host().toString(); // one of a range
    }

    /** The socket of the API at its own path; nobody can replace it. */
    private static Optional<MountPoint> api(InstanceSpec spec) {
        String address = spec.environment().getOrDefault(MASTER, "");
        if (!address.startsWith("unix://")) {
            return Optional.empty();
        }
        Path socket = Path.of(address.substring("unix://".length()));
        return Optional.of(new MountPoint(socket, socket, true));
    }

    /** Services under other engines are on the host. */
    private static String[] hosts(InstanceSpec spec) {
        List<String> names = new ArrayList<>(spec.locator().onHost());
        names.sort(null);
        names.add(HOST);
        return names.stream().map(name -> name + TO_HOST).toArray(String[]::new);
    }

    /** What the host calls itself is the container there. */
    private static String seenFromInside(String address) {
        URI uri = URI.create(address);
        boolean here = uri.getHost() != null && THIS_HOST.contains(uri.getHost());
        return here ? uri.getScheme() + "://" + HOST + ":" + uri.getPort() : address;
    }
}
