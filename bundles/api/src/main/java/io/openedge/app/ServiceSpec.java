package io.openedge.app;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A service of an application. Immutable; two equal specs are the same service as far as its own entry goes.
 *
 * @param name unique in the application
 * @param image a container image, a package or a module, by engine
 * @param replica how many instances the master starts by itself; 0: instances are started on demand
 * @param mounts volumes and where the service finds them
 * @param ports Docker's forms of published ports
 * @param devices {@code HOST[:CONTAINER[:rwm]]}
 * @param args what follows the program's name
 * @param env environment of every instance
 * @param restart what happens when an instance ends
 * @param resources limits of one instance
 * @param runtime a container runtime; empty: the engine's default
 * @param engine the engine that runs it; empty: the gateway's mode
 * @param permissions rights on the API beyond those of its image; see {@link #PERMISSIONS}
 * @param user the user that runs it; empty: the gateway's
 * @param health how to tell whether it works
 * @param privileges what its containers may do beyond Docker's default
 * @param readOnly whether the root of its containers is read-only, with folders in memory for what programs write
 */
public record ServiceSpec(
        String name,
        String image,
        int replica,
        List<MountSpec> mounts,
        List<String> ports,
        List<String> devices,
        List<String> args,
        Map<String, String> env,
        RestartPolicy restart,
        Resources resources,
        String runtime,
        String engine,
        List<String> permissions,
        String user,
        HealthCheck health,
        Privileges privileges,
        boolean readOnly) {

    /** The rights that a service can be granted. */
    public static final Set<String> PERMISSIONS = Set.of("update", "instances");

    private static final Set<String> ENGINES = Set.of("docker", "native", "osgi");

    /** More instances of one service are a slip of the pen. */
    private static final int MOST_REPLICAS = 1000;

    private static final Pattern VARIABLE = Pattern.compile("[^=\\s\\p{Cntrl}]+");

    public ServiceSpec {
        Names.require("name", name);
        if (image == null || Names.moduleOf(image).isEmpty()) {
            throw new InvalidValueException("image", image == null ? "" : image, "the name of an image");
        }
        if (replica < 0 || replica > MOST_REPLICAS) {
            throw new InvalidValueException("replica", replica, "0 to " + MOST_REPLICAS);
        }
        mounts = mounts == null ? List.of() : List.copyOf(mounts);
        ports = ports == null ? List.of() : List.copyOf(ports);
        devices = devices == null ? List.of() : List.copyOf(devices);
        args = args == null ? List.of() : List.copyOf(args);
        env = env == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(env));
        restart = restart == null ? RestartPolicy.DEFAULT : restart;
        resources = resources == null ? Resources.NONE : resources;
        runtime = runtime == null ? "" : runtime;
        engine = engine == null ? "" : engine;
        permissions = permissions == null ? List.of() : List.copyOf(permissions);
        user = user == null ? "" : user;
        health = health == null ? HealthCheck.NONE : health;
        privileges = privileges == null ? Privileges.NONE : privileges;
        if (!engine.isEmpty() && !ENGINES.contains(engine)) {
            throw new InvalidValueException("engine", engine, "docker, native, osgi");
        }
        for (String variable : env.keySet()) {
            if (!VARIABLE.matcher(variable).matches()) {
                throw new InvalidValueException("env", variable, "names of variables, without = and blanks");
            }
        }
        for (String permission : permissions) {
            if (!PERMISSIONS.contains(permission)) {
                throw new InvalidValueException("permissions", permission, "update, instances");
            }
        }
    }

    /** A service with the privileges of any other. */
    public ServiceSpec(
            String name,
            String image,
            int replica,
            List<MountSpec> mounts,
            List<String> ports,
            List<String> devices,
            List<String> args,
            Map<String, String> env,
            RestartPolicy restart,
            Resources resources,
            String runtime,
            String engine,
            List<String> permissions,
            String user,
            HealthCheck health) {
        this(
                name,
                image,
                replica,
                mounts,
                ports,
                devices,
                args,
                env,
                restart,
                resources,
                runtime,
                engine,
                permissions,
                user,
                health,
                Privileges.NONE,
                false);
    }

    /** The same, run as a user. */
    public ServiceSpec as(String other) {
        return new ServiceSpec(
                name,
                image,
                replica,
                mounts,
                ports,
                devices,
                args,
                env,
                restart,
                resources,
                runtime,
                engine,
                permissions,
                other,
                health,
                privileges,
                readOnly);
    }

    /** The module that the image names: its last path segment without tag and digest. */
    public String module() {
        return Names.moduleOf(image);
    }

    /** The name of the engine that runs this service when the gateway's mode is {@code mode}. */
    public String engineIn(String mode) {
        return engine.isEmpty() ? mode : engine;
    }
}
