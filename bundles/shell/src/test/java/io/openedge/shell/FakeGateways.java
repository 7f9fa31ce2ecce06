package io.openedge.shell;

import io.openedge.engine.InstanceRecord.Framework;
import io.openedge.system.CpuStats;
import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import io.openedge.system.Gateways;
import io.openedge.system.Hardware;
import io.openedge.system.Inspect;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import io.openedge.system.MemStats;
import io.openedge.system.ServerSettings;
import io.openedge.system.ServiceStatus;
import io.openedge.system.Software;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** A gateway with one service, hub, whose token nobody has; it writes down what it is asked for. */
final class FakeGateways implements Gateways, Gateway {
    final List<String> calls = new CopyOnWriteArrayList<>();
    private final AtomicReference<ServerSettings> settings = new AtomicReference<>();

    void serve(ServerSettings served) {
        settings.set(served);
    }

    @Override
    public Optional<Gateway> login(String service, String token) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Gateway operator() {
        return this;
    }

    @Override
    public ServerSettings server() {
        return settings.get();
    }

    @Override
    public void unserviceable(String reason) {
        throw new UnsupportedOperationException(reason);
    }

    @Override
    public Inspect inspect() {
        InstanceStatus waiting = new InstanceStatus(
                "i1",
                InstanceState.PENDING,
                "waits for module x",
                Instant.EPOCH,
                0,
                new Framework(),
                CpuStats.UNKNOWN,
                MemStats.UNKNOWN,
                Map.of());
        return new Inspect(
                "",
                Instant.parse("2026-01-02T03:04:05Z"),
                new Software("linux", "amd64", "/w", "osgi", "java 17", "0.1.0", "V1"),
                Hardware.UNKNOWN,
                List.of(new ServiceStatus("function", List.of(waiting))),
                List.of());
    }

    @Override
    public CompletionStage<UpdatePlan> plan(String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<UpdateResult> update(String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void cancel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public UpdateProgress progress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> restart(String service) {
        if (!service.equals("function")) {
            throw new GatewayException(GatewayException.Kind.NOT_FOUND, "there is no service " + service);
        }
        calls.add("restart " + service);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<String> startInstance(String service, String instance, Map<String, String> configuration) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> stopInstance(String service, String instance) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void report(String service, String instance, Map<String, Object> values) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int availablePort() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean settled() {
        throw new UnsupportedOperationException();
    }
}
