package io.openedge.engine.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The container of an instance, over all its runs: made when it is missing, kept with what was written in it once it has run.
 * Thread rule: one run at a time uses it, which sees to it that a start and a stop do not overlap; what blocks says so.
 */
final class InstanceContainer {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceContainer.class);

    private final InstanceSpec spec;
    private final Blueprint blueprint;
    private final Shared shared;
    private volatile Optional<Body> body = Optional.empty();
    private volatile boolean hasRun;

    InstanceContainer(InstanceSpec spec, Blueprint blueprint, Shared shared) {
        this.spec = spec;
        this.blueprint = blueprint;
        this.shared = shared;
    }

    Optional<Body> body() {
        return body;
    }

    boolean is(String container) {
        return body.filter(own -> own.id().equals(container)).isPresent();
    }

    boolean hasMemoryLimit() {
        return blueprint.service().resources().memory().limit().bytes() > 0;
    }

    /** It is there, with its network, and does not say any more that it works; blocks. */
    Body provide() throws EngineException, InterruptedException {
        Optional<ContainerState> state =
                body.isEmpty() ? Optional.empty() : shared.containers().state(body.get());
        if (state.isEmpty()) {
            hasRun = false;
            Body made = shared.containers().make(spec, blueprint);
            body = Optional.of(made);
            return made;
        }
        Body own = body.orElseThrow();
        shared.containers().requireNetwork();
        if (!Boolean.TRUE.equals(state.get().getRunning())) {
            Containers.reset(own);
        }
        return own;
    }

    /** Without effect when it runs already; blocks. */
    void start(Body own) throws DaemonException {
        shared.daemon().start(own.id());
        hasRun = true;
    }

    /** What a first start leaves is removed; a container that has run before keeps what was written in it. Blocks. */
    void startFailed() {
        if (hasRun) {
            return;
        }
        try {
            remove();
        } catch (DaemonException e) { // it carries our label: the next look at the daemon removes it
            LOG.info("{}: its container is removed later: {}", spec.name(), e.getMessage());
        }
        body = Optional.empty();
    }

    /** Blocks for the grace and a kill at most. */
    void stop(Duration grace) throws DaemonException {
        if (body.isPresent()) {
            shared.daemon().stop(body.get().id(), grace);
        }
    }

    /** Removes it, and what was written in it; blocks. */
    void remove() throws DaemonException {
        Optional<Body> own = body;
        own.flatMap(Body::sign).ifPresent(this::forget);
        if (own.isPresent()) {
            shared.daemon().remove(own.get().id());
            body = Optional.empty();
        }
    }

    private void forget(ReadySign sign) {
        try {
            sign.remove();
        } catch (IOException e) {
            LOG.info("{}: {} stays: {}", spec.name(), sign.folder(), e.toString());
        }
    }
}
