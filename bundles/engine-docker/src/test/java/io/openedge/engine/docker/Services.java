package io.openedge.engine.docker;

import io.openedge.app.MountSpec;
import io.openedge.app.Privileges;
import io.openedge.app.Resources;
import io.openedge.app.ServiceSpec;
import io.openedge.engine.InstanceSpec;
import io.openedge.module.ServiceLocator;
import io.openedge.system.Gateway;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes services and instances as a test says them, step by step. */
final class Services {
    static final Duration GRACE = Duration.ofSeconds(20);

    private final String name;
    private String image = Docker.IMAGE;
    private final List<MountSpec> mounts = new ArrayList<>();
    private final List<String> ports = new ArrayList<>();
    private final List<String> devices = new ArrayList<>();
    private Resources resources = Resources.NONE;
    private String runtime = "";
    private String user = "";
    private Privileges privileges = Privileges.NONE;
    private boolean readOnly;

    private Services(String name) {
        this.name = name;
    }

    static Services named(String name) {
        return new Services(name);
    }

    Services image(String value) {
        image = value;
        return this;
    }

    Services mount(String volume, String path, boolean only) {
        mounts.add(new MountSpec(volume, path, only));
        return this;
    }

    Services port(String entry) {
        ports.add(entry);
        return this;
    }

    Services device(String entry) {
        devices.add(entry);
        return this;
    }

    Services resources(Resources value) {
        resources = value;
        return this;
    }

    Services runtime(String value) {
        runtime = value;
        return this;
    }

    Services user(String value) {
        user = value;
        return this;
    }

    Services privileges(Privileges value) {
        privileges = value;
        return this;
    }

    Services readOnly() {
        readOnly = true;
        return this;
    }

    ServiceSpec spec() {
        return new ServiceSpec(
                name,
                image,
                1,
                mounts,
                ports,
                devices,
                null,
                null,
                null,
                resources,
                runtime,
                "docker",
                null,
                user,
                null,
                privileges,
                readOnly);
    }

    /** An instance of the service of its name. */
    static InstanceSpec instance(String name, String script) {
        return instance(name, script, false, Map.of(), Set.of());
    }

    static InstanceSpec instance(
            String name, String script, boolean dynamic, Map<String, String> environment, Set<String> onHost) {
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent("OPENEDGE_SERVICE_NAME", name);
        return new InstanceSpec(
                name.replaceFirst("\\..*", ""),
                name,
                script.isEmpty() ? List.of() : List.of(script),
                all,
                dynamic,
                GRACE,
                locator(onHost),
                nobody());
    }

    private static ServiceLocator locator(Set<String> onHost) {
        return new ServiceLocator() {
            @Override
            public Optional<Location> locate(String host, int port) {
                return Optional.empty();
            }

            @Override
            public Set<String> onHost() {
                return onHost;
            }
        };
    }

    private static Gateway nobody() {
        return (Gateway) Proxy.newProxyInstance(
                Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, args) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
