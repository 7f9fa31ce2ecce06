package io.openedge.engine.process;

import io.openedge.app.ServiceSpec;
import io.openedge.directory.ServiceUser;
import io.openedge.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The programs of this host that start processes in a particular way, as far as they are there. Immutable; any thread.
 *
 * @param found by name
 * @param root whether the gateway may do everything
 */
record Tools(Map<String, Path> found, boolean root) {
    static final List<String> ALL = List.of("sh", "bash", "setsid", "setpriv", "unshare", "mount", "taskset");
    private static final long LIMIT_SECONDS = 10;

    Tools {
        found = Map.copyOf(found);
    }

    /** Those of this host. */
    static Tools ofHost() {
        return new Tools(
                search(Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/bin:/bin:/usr/sbin"),
                ServiceUser.isRoot());
    }

    private static Map<String, Path> search(String path) {
        Map<String, Path> found = new LinkedHashMap<>();
        for (String folder : path.split(":")) {
            for (String name : ALL) {
                Path file = Path.of(folder).resolve(name);
                if (folder.startsWith("/") && Files.isRegularFile(file) && Files.isExecutable(file)) {
                    found.putIfAbsent(name, file);
                }
            }
        }
        return found;
    }

    boolean has(String name) {
        return found.containsKey(name);
    }

    /** The path of one that is there. */
    String path(String name) {
        Path path = found.get(name);
        if (path == null) {
            throw new IllegalStateException("no " + name);
        }
        return path.toString();
    }

    /**
     * As whom a service runs; empty: as the gateway.
     *
     * @throws EngineException when that is not possible
     */
    Optional<ServiceUser> user(ServiceSpec service) throws EngineException {
        return ServiceUser.of(service.name(), service.user(), root, Optional.ofNullable(found.get("setpriv")));
    }

    /** The shell that starts programs: without start-up files, and without functions from the environment. */
    List<String> shell() {
        return has("bash") ? List.of(path("bash"), "-p") : List.of(path("sh"));
    }

    /** Why processes cannot have mounts of their own; empty when they can. */
    Optional<String> noMounts() {
        if (!root) {
            return Optional.of("the gateway does not run as root");
        }
        for (String needed : List.of("unshare", "mount")) {
            if (!has(needed)) {
                return Optional.of("there is no " + needed + " on this host");
            }
        }
        return tried(path("unshare"), "--mount", "--propagation", "private", "true")
                ? Optional.empty()
                : Optional.of("this host does not let the gateway make a mount namespace");
    }

    private static boolean tried(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
