package io.openedge.engine.osgi;

import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.Volumes;
import io.openedge.system.Gateway;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Entries of applications, as short as a test wants them. */
final class Specs {
    static final Duration GRACE = Duration.ofSeconds(10);

    private Specs() {}

    static ServiceSpec service(String name, String image, MountSpec... mounts) {
        return service(name, image, List.of(), mounts);
    }

    static ServiceSpec service(String name, String image, List<String> args, MountSpec... mounts) {
        return new ServiceSpec(
                name, image, 1, List.of(mounts), null, null, args, null, null, null, null, null, null, null, null);
    }

    static ServiceSpec withUser(String name, String image, String user) {
        return new ServiceSpec(
                name, image, 1, List.of(), null, null, null, null, null, null, null, null, null, user, null);
    }

    static MountSpec mount(String volume, String path) {
        return new MountSpec(volume, path, false);
    }

    static Volumes volumes(Path work, Map<String, Path> directories) {
        return new Volumes(work, directories);
    }

    static InstanceSpec instance(String service, String name) {
        return instance(service, name, false, GRACE, Map.of("A", "0777"));
    }

    static InstanceSpec instance(
            String service, String name, boolean dynamic, Duration grace, Map<String, String> environment) {
        return new InstanceSpec(
                service,
                name,
                List.of(),
                environment,
                dynamic,
                grace,
                (host, port) -> Optional.empty(),
                unusedGateway());
    }

    private static Gateway unusedGateway() {
        return (Gateway) Proxy.newProxyInstance(
                Specs.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, args) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
