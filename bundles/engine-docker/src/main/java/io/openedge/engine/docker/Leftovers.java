package io.openedge.engine.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import io.openedge.engine.InstanceRecord;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes containers that nobody here runs any more: those of a gateway that was killed, those that were to be stopped while
 * the daemon was away. Only what carries this gateway's labels, or what the record of a run names by its id. Thread rule: any
 * thread; blocks.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Daemon daemon;
    private final Identity identity;
    private final Runs runs;
    private final Queue<InstanceRecord> later = new ConcurrentLinkedQueue<>();

    Leftovers(Daemon daemon, Identity identity, Runs runs) {
        this.daemon = daemon;
        this.identity = identity;
        this.runs = runs;
    }

    /** What cannot be reached now is removed when the daemon answers. */
    void remove(Collection<InstanceRecord> records) {
        for (InstanceRecord record : records) {
            try {
                remove(record);
            } catch (DaemonException e) {
                LOG.warn("{}: what the last run left is removed later: {}", record.name(), e.getMessage());
                later.add(record);
            }
        }
    }

    private void remove(InstanceRecord record) throws DaemonException {
        if (!(record.place() instanceof InstanceRecord.Container place)
                || place.id().isEmpty()) {
            return; // it had no container yet, or had not told: its labels find it
        }
        Optional<InspectContainerResponse> found = daemon.container(place.id());
        if (found.isEmpty()) {
            return;
        }
        if (identity.mayBeOurs(Containers.labels(found.get()), record.service())) {
            LOG.info("{}: the container that the last run left is removed", record.name());
            daemon.remove(place.id());
        } else {
            LOG.warn("{}: container {} is not removed: its labels are not ours", record.name(), place.id());
        }
    }

    /** All that carry this gateway's labels and belong to no run. */
    void sweep() throws DaemonException {
        for (InstanceRecord record = later.poll(); record != null; record = later.poll()) {
            remove(record);
        }
        Set<String> used = new HashSet<>();
        runs.all().forEach(run -> run.body().map(Body::id).ifPresent(used::add));
        for (Container container : daemon.labelled(identity.labels())) {
            Map<String, String> labels =
                    Optional.ofNullable(container.getLabels()).orElse(Map.of());
            boolean named = Arrays.stream(container.getNames()).anyMatch(name -> runs.named(name.substring(1)));
            if (identity.isOurs(labels) && !used.contains(container.getId()) && !named) {
                LOG.info("container {} is removed: it was left behind", String.join(" ", container.getNames()));
                daemon.remove(container.getId());
            }
        }
    }
}
