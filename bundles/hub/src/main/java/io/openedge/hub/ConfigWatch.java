package io.openedge.hub;

import io.openedge.app.ConfigException;
import io.openedge.hub.HubConfig.PrincipalConfig;
import io.openedge.module.ModuleContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * Looks whether the hub's service.yml has changed, on a thread of its own. Changed principals take effect, other changes
 * are named: they need a restart. A file that cannot be read leaves everything as it was and is named once.
 */
final class ConfigWatch implements AutoCloseable {
    /** Reads the file. */
    interface Source {
        HubConfig read() throws ConfigException;
    }

    private final Path file;
    private final Source source;
    private final Logger log;
    private Optional<Stamp> loaded;
    private Optional<Stamp> seen;
    private Optional<ScheduledExecutorService> thread = Optional.empty();

    private record Stamp(FileTime changed, long size, String key) {
        static Optional<Stamp> of(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return Optional.of(new Stamp(found.lastModifiedTime(), found.size(), String.valueOf(found.fileKey())));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }

    /** To be made before the file is read for the first time. */
    ConfigWatch(Path file, Source source, Logger log) {
        this.file = file;
        this.source = source;
        this.log = log;
        loaded = Stamp.of(file);
        seen = loaded;
    }

    /** The file that {@link ModuleContext#configuration} reads. */
    static Path file(ModuleContext context) {
        int option = context.args().indexOf("-c");
        boolean named = option >= 0 && option + 1 < context.args().size();
        Path path = Path.of(named ? context.args().get(option + 1) : "etc/openedge/service.yml");
        if (!path.isAbsolute()) {
            return context.directory().resolve(path).normalize();
        }
        Path inside =
                context.directory().resolve(path.getRoot().relativize(path)).normalize();
        return inside.startsWith(context.directory()) && Files.exists(inside) ? inside : path;
    }

    /**
     * From now on.
     *
     * @param current what was read
     * @param changed gets the principals when they have changed
     */
    void start(String name, Duration interval, HubConfig current, Consumer<List<PrincipalConfig>> changed) {
        ScheduledExecutorService checks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, name + "-config");
            made.setDaemon(true);
            return made;
        });
        HubConfig[] known = {current};
        checks.scheduleWithFixedDelay(
                () -> known[0] = check(known[0], changed),
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
        thread = Optional.of(checks);
    }

    /** Reads a changed file once it has stayed the same from one look to the next: then it is written to its end. */
    private HubConfig check(HubConfig known, Consumer<List<PrincipalConfig>> changed) {
        Optional<Stamp> now = Stamp.of(file);
        boolean quiet = now.equals(seen);
        seen = now;
        if (!quiet || now.equals(loaded)) {
            return known;
        }
        loaded = now;
        try {
            HubConfig next = source.read();
            if (next.listen().isEmpty()) { // cut, or being written: it must not end everybody's subscriptions
                log.error("{} has changed and says nothing to listen to, all stays as it was", file);
                return known;
            }
            apply(known, next, changed);
            return next;
        } catch (ConfigException | RuntimeException e) {
            log.error("{} has changed and cannot be used, all stays as it was: {}", file, e.getMessage());
            return known;
        }
    }

    private void apply(HubConfig known, HubConfig next, Consumer<List<PrincipalConfig>> changed) {
        if (!next.principals().equals(known.principals())) {
            changed.accept(next.principals());
            log.info(
                    "{} has changed: its {} principals hold from now on",
                    file,
                    next.principals().size());
        }
        List<String> others = others(known, next);
        if (!others.isEmpty()) {
            log.warn("{} has changed: {} need a restart of the hub", file, others);
        }
    }

    private static List<String> others(HubConfig a, HubConfig b) {
        return Stream.of(
                        key("listen", a.listen().equals(b.listen())),
                        key("certificate", a.certificate().equals(b.certificate())),
                        key("subscriptions", a.subscriptions().equals(b.subscriptions())),
                        key("message", a.message().equals(b.message())),
                        key("limits", a.limits().equals(b.limits())),
                        key("status", a.status().equals(b.status())),
                        key("metrics", a.metrics().equals(b.metrics())),
                        key("storage", a.storage().equals(b.storage())),
                        key("shutdown", a.shutdown().equals(b.shutdown())),
                        key("logger", a.logger().equals(b.logger())))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> key(String name, boolean same) {
        return same ? Optional.empty() : Optional.of(name);
    }

    @Override
    public void close() {
        thread.ifPresent(ScheduledExecutorService::shutdownNow);
    }
}
