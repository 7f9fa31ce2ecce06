package io.openedge.engine.docker;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the images of services. A name is asked for at its registry, because it may mean another image there by now; a digest
 * that is here means what it meant, and what was asked for a while ago is not asked for again: an update prepares a service
 * before it stops anything, and once more when it opens it. Thread rule: any thread; blocks, and reacts to an interrupt.
 */
final class Images {
    private static final Logger LOG = LoggerFactory.getLogger(Images.class);
    private static final int AT_ONCE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration PATIENCE_WITH_LOCAL = Duration.ofSeconds(20);

    private static final Duration RECENT = Duration.ofMinutes(10);

    private final Daemon daemon;
    private final Map<String, Long> asked = new ConcurrentHashMap<>();

    Images(Daemon daemon) {
        this.daemon = daemon;
    }

    /** Several at the same time; a daemon that is away prepares nothing, and the images are looked for at the start. */
    Map<String, EngineException> prepare(Collection<ServiceSpec> services, Progress progress)
            throws InterruptedException {
        Map<String, List<String>> users = new LinkedHashMap<>();
        services.forEach(service -> users.computeIfAbsent(service.image(), image -> new ArrayList<>())
                .add(service.name()));
        Map<String, EngineException> failures = new ConcurrentHashMap<>();
        ExecutorService pulls = Executors.newFixedThreadPool(Math.max(1, Math.min(AT_ONCE, users.size())), task -> {
            Thread thread = new Thread(task, "engine-docker-pull");
            thread.setDaemon(true);
            return thread;
        });
        try {
            users.forEach((image, names) -> pulls.execute(() -> provide(image, names, progress)
                    .ifPresent(failure -> names.forEach(name -> failures.put(name, failure)))));
            pulls.shutdown();
            pulls.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } finally {
            pulls.shutdownNow();
        }
        return Map.copyOf(failures);
    }

    private Optional<EngineException> provide(String image, List<String> services, Progress progress) {
        try {
            provide(image, what -> services.forEach(service -> progress.report(service, what)));
            return Optional.empty();
        } catch (EngineException e) {
            return Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new EngineException("image '" + image + "': given up", e));
        }
    }

    private void provide(String image, Consumer<String> says) throws EngineException, InterruptedException {
        boolean local;
        try {
            local = daemon.image(image).isPresent();
        } catch (DaemonException e) {
            if (e.is(DaemonException.Kind.AWAY)) {
                LOG.debug("image {} is looked for later: {}", image, e.getMessage());
                return;
            }
            throw new EngineException("image '" + image + "': " + e.getMessage(), e);
        }
        if (local && (image.contains("@") || isRecent(image))) {
            return;
        }
        try {
            pull(image, local ? PATIENCE_WITH_LOCAL : PATIENCE, says);
        } catch (EngineException e) {
            if (!local) {
                throw new EngineException(
                        "image '" + image + "' is not on this host and cannot be pulled: " + e.getMessage(), e);
            }
            LOG.info("image {} is not pulled, the one on this host is used: {}", image, e.getMessage());
        }
        asked.put(image, System.nanoTime());
    }

    /**
     * Why an image cannot be had: it is not here, and its registry does not have it. What a daemon that is away would say is
     * not known. Empty: it can.
     */
    Optional<EngineException> check(String image) {
        try {
            if (daemon.image(image).isEmpty()) {
                daemon.askRegistry(withTag(image));
            }
        } catch (DaemonException e) {
            if (!e.is(DaemonException.Kind.AWAY)) {
                return Optional.of(new EngineException(
                        "image '" + image + "' is not on this host and cannot be pulled: " + e.getMessage(), e));
            }
            LOG.debug("image {} is looked for later: {}", image, e.getMessage());
        }
        return Optional.empty();
    }

    private boolean isRecent(String image) {
        Long then = asked.get(image);
        return then != null && System.nanoTime() - then < RECENT.toNanos();
    }

    /** What an image says of the containers that are made of it; one that is missing is pulled. */
    ContainerConfig config(String image) throws EngineException, InterruptedException {
        Optional<InspectImageResponse> there = daemon.image(image);
        if (there.isEmpty()) {
            provide(image, what -> LOG.info("image {}: {}", image, what));
            there = daemon.image(image);
        }
        return there.map(InspectImageResponse::getConfig)
                .orElseThrow(() -> new EngineException("image '" + image + "' is not on this host any more"));
    }

    private void pull(String image, Duration idle, Consumer<String> says) throws EngineException, InterruptedException {
        Pull pull = new Pull(says);
        try (Feed<PullResponseItem> feed = pull.feed()) {
            daemon.pull(withTag(image), feed);
            pull.await(idle);
        }
    }

    /** Without a tag the daemon would fetch all there are. */
    static String withTag(String image) {
        boolean tagged = image.contains("@")
                || image.substring(image.lastIndexOf('/') + 1).contains(":");
        return tagged ? image : image + ":latest";
    }
}
