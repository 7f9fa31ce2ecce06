package io.openedge.engine.docker;

import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.InstanceStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One run of an instance in its container, as the master sees it. Thread rule: any thread. */
final class ContainerInstance implements Instance {
    private final InstanceSpec spec;
    private final InstanceContainer container;
    private final Shared shared;
    private final ContainerRun run;
    private final Instant begun = Instant.now();

    private ContainerInstance(InstanceSpec spec, InstanceContainer container, Shared shared, Instant known) {
        this.spec = spec;
        this.container = container;
        this.shared = shared;
        this.run = new ContainerRun(spec, container, shared, known);
    }

    /** Begins the first run. */
    static ContainerInstance begin(InstanceSpec spec, Blueprint blueprint, Shared shared) {
        return begin(spec, new InstanceContainer(spec, blueprint, shared), shared, Instant.EPOCH);
    }

    private static ContainerInstance begin(
            InstanceSpec spec, InstanceContainer container, Shared shared, Instant known) {
        ContainerInstance instance = new ContainerInstance(spec, container, shared, known);
        instance.run.begin();
        return instance;
    }

    @Override
    public Instance restart() {
        if (!run.isOver()) {
            throw new IllegalStateException("instance " + spec.name() + " has not ended yet");
        }
        return begin(spec, container, shared, run.heardUntil());
    }

    @Override
    public CompletionStage<Void> running() {
        return run.running();
    }

    @Override
    public Optional<String> waitingFor() {
        return run.waitingFor();
    }

    @Override
    public CompletionStage<Exit> exited() {
        return run.exited();
    }

    @Override
    public void stop(Duration grace) {
        run.stop(grace);
    }

    @Override
    public int exec(List<String> command, Duration limit) throws EngineException {
        Optional<Body> own = container.body();
        if (own.isEmpty() || run.isOver()) {
            throw new EngineException("instance " + spec.name() + " does not run");
        }
        return new Probe(shared.daemon(), own.get().id()).run(command, limit);
    }

    @Override
    public InstanceRecord record() {
        String id = container.body().map(Body::id).orElse("");
        return new InstanceRecord(
                spec.service(), spec.name(), new InstanceRecord.Container(id, spec.name()), begun, "");
    }

    @Override
    public Optional<String> address() {
        return address("");
    }

    @Override
    public Optional<String> address(String engine) {
        return spec.address()
                .or(() -> container
                        .body()
                        .flatMap(Body::endpoint)
                        .map(endpoint -> engine.equals("docker") ? Endpoint.inside(spec.name()) : endpoint.onHost()));
    }

    @Override
    public InstanceStats stats() {
        return container.body().map(own -> shared.sampler().of(own.id())).orElse(InstanceStats.UNKNOWN);
    }
}
