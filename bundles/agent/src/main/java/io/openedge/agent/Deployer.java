package io.openedge.agent;

import io.openedge.agent.State.Deployed;
import io.openedge.agent.State.Pending;
import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.app.VolumeSpec;
import io.openedge.archive.Patience;
import io.openedge.config.Applications;
import io.openedge.rest.client.RestException;
import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import io.openedge.system.Inspect;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Works on what the cloud wants, one event at a time, on one thread: brings the volumes, asks the gateway to update, and
 * remembers how it went. Every step may be cut off at any point: the next run begins at the event again, and finds what is
 * there already.
 */
final class Deployer implements Runnable {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Memory memory;
    private final Volumes volumes;
    private final Cleaner cleaner;
    private final Gateway gateway;
    private final Consumer<String> trouble;
    private final Logger log;

    /** @param trouble hears what keeps an event waiting, empty when nothing does; and that there is something to report */
    Deployer(Memory memory, Volumes volumes, Cleaner cleaner, Gateway gateway, Consumer<String> trouble, Logger log) {
        this.memory = memory;
        this.volumes = volumes;
        this.cleaner = cleaner;
        this.gateway = gateway;
        this.trouble = trouble;
        this.log = log;
    }

    @Override
    public void run() {
        try {
            while (true) {
                Optional<Pending> next = memory.next();
                if (next.isPresent()) {
                    work(next.get());
                } else {
                    cleaner.clean();
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(Pending pending) throws InterruptedException {
        UpdateEvent event = pending.event();
        try {
            deploy(pending);
        } catch (IOException | RefusedException | ConfigException | GatewayException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (memory.wants(event)) {
                end(event, "version " + event.version() + ": " + e.getMessage());
            }
        }
    }

    private void deploy(Pending pending) throws IOException, RefusedException, ConfigException, InterruptedException {
        UpdateEvent event = pending.event();
        Waiting waiting = new Waiting(event);
        VolumeSpec config = event.config();
        Path folder = bring(config, waiting);
        AppConfig application =
                Applications.read(folder.resolve("application.yml"), warning -> log.warn("{}", warning.message()));
        if (!application.version().equals(event.version())) {
            throw new RefusedException("application.yml has version '" + application.version() + "'; allowed: "
                    + event.version() + ", as the event says");
        }
        List<VolumeSpec> wanted = new ArrayList<>(List.of(config));
        application.volumes().stream()
                .filter(volume -> !volume.meta().url().isEmpty())
                .forEach(wanted::add);
        requireApart(wanted);
        for (VolumeSpec volume : wanted.subList(1, wanted.size())) {
            bring(volume, waiting);
        }
        trouble.accept("");
        VolumeFolder place = VolumeFolder.of(config.path());
        Optional<UpdateResult> result = update(pending, place.onHost(), waiting);
        if (result.isPresent()) {
            conclude(event, deployed(application, place), result.get());
        }
    }

    private static Deployed deployed(AppConfig application, VolumeFolder config) {
        Set<VolumeFolder> folders = Places.named(application);
        folders.add(config);
        return new Deployed(
                application.version(),
                folders.stream()
                        .map(folder -> folder.relative().toString())
                        .sorted()
                        .toList());
    }

    private Path bring(VolumeSpec volume, Waiting waiting)
            throws IOException, RefusedException, ConfigException, InterruptedException {
        if (!waiting.wanted()) {
            throw new IOException("something newer is wanted");
        }
        try {
            return volumes.bring(volume, waiting);
        } catch (RefusedException e) {
            throw new RefusedException("volume " + volume.name() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new IOException("volume " + volume.name() + ": " + e.getMessage(), e);
        }
    }

    /** One archive is not unpacked into the other. */
    private static void requireApart(List<VolumeSpec> volumes) throws RefusedException {
        for (int i = 0; i < volumes.size(); i++) {
            VolumeFolder one = VolumeFolder.of(volumes.get(i).path());
            for (VolumeSpec other : volumes.subList(i + 1, volumes.size())) {
                boolean same = volumes.get(i).equals(other);
                if (!same && one.meets(VolumeFolder.of(other.path()))) {
                    throw new RefusedException("volumes " + volumes.get(i).name() + " and " + other.name()
                            + " lie in each other; allowed: a folder of its own for each archive");
                }
            }
        }
    }

    /** @return how it ended; empty: something newer is wanted */
    private Optional<UpdateResult> update(Pending pending, String path, Waiting waiting)
            throws IOException, InterruptedException {
        boolean asked = pending.updating();
        String before = pending.before();
        while (waiting.wanted()) {
            try {
                Inspect now = gateway.inspect();
                if (!now.update().phase().isEmpty()) {
                    memory.pause(pending.event(), POLL);
                    continue;
                }
                String failure = now.update().failure();
                if (asked && !failure.isEmpty() && !failure.equals(before)) {
                    return Optional.of(
                            new UpdateResult(Outcome.ROLLED_BACK, now.software().confVersion(), failure));
                }
                memory.updating(pending.event(), failure);
                asked = true;
                before = failure;
                return Optional.of(gateway.update(path).toCompletableFuture().get());
            } catch (ExecutionException e) {
                unreached(e.getCause(), waiting);
            } catch (GatewayException e) {
                unreached(e, waiting);
            }
        }
        return Optional.empty();
    }

    /** A module in a process of its own may have to wait for the gateway. */
    private void unreached(Throwable failure, Waiting waiting) throws InterruptedException {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException && !(cause instanceof RestException)) {
                waiting.await(String.valueOf(failure.getMessage()), POLL);
                return;
            }
        }
        throw failure instanceof GatewayException refusal ? refusal : new IllegalStateException(failure);
    }

    private void conclude(UpdateEvent event, Deployed deployed, UpdateResult result)
            throws IOException, InterruptedException {
        switch (result.outcome()) {
            case COMMITTED -> {
                memory.done(event, deployed);
                volumes.clearStaging();
                log.info("version {} runs", event.version());
                trouble.accept("");
            }
            case CANCELLED -> {
                memory.park(event, "version " + event.version() + ": " + result.reason());
                trouble.accept("");
            }
            default -> end(event, "version " + event.version() + ": " + result.reason());
        }
    }

    private void end(UpdateEvent event, String error) throws InterruptedException {
        log.warn("{}", error);
        try {
            memory.failed(event, error);
            volumes.clearStaging();
            trouble.accept("");
        } catch (IOException e) {
            trouble.accept(error + "; and that cannot be written down: " + e.getMessage());
            memory.pause(event, RETRY);
        }
    }

    /** Waits for the cloud for as long as it wants nothing newer. */
    private final class Waiting implements Patience {
        private final UpdateEvent event;

        Waiting(UpdateEvent event) {
            this.event = event;
        }

        @Override
        public boolean wanted() {
            return memory.wants(event) && !Thread.currentThread().isInterrupted();
        }

        @Override
        public void await(String failure, Duration delay) throws InterruptedException {
            log.warn("version {} waits: {}; tried again in {} s", event.version(), failure, delay.toSeconds());
            trouble.accept("version " + event.version() + " waits: " + failure);
            memory.pause(event, delay);
        }
    }
}
