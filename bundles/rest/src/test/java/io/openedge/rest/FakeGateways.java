package io.openedge.rest;

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

/** A gateway with the services hub, s0 to s9, whose token is t0ken; it writes down what it is asked for. */
final class FakeGateways implements Gateways, Gateway {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<String> unserviceable = new CopyOnWriteArrayList<>();
    volatile CompletableFuture<String> start = CompletableFuture.completedFuture("127.0.0.1:50051");
    volatile CompletableFuture<UpdateResult> update = CompletableFuture.failedFuture(
            new GatewayException(GatewayException.Kind.INVALID, "the gateway is not ready"));
    volatile CompletableFuture<Void> stop = CompletableFuture.completedFuture(null);
    private final ServerSettings settings;

    FakeGateways(ServerSettings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<Gateway> login(String service, String token) {
        return service.matches("hub|s\\d") && "t0ken".equals(token) ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Gateway operator() {
        return this;
    }

    @Override
    public ServerSettings server() {
        return settings;
    }

    @Override
    public void unserviceable(String reason) {
        unserviceable.add(reason);
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
        calls.add("plan " + path);
        return CompletableFuture.completedFuture(
                new UpdatePlan("V1", "V2", List.of(new UpdatePlan.Step("hub", UpdatePlan.Action.KEEP, "unchanged"))));
    }

    @Override
    public CompletionStage<Void> admit(String path) {
        return path.equals("unsigned")
                ? CompletableFuture.failedFuture(new GatewayException(GatewayException.Kind.FORBIDDEN, "is not signed"))
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<UpdateResult> update(String path) {
        calls.add("update " + path);
        return update;
    }

    @Override
    public void cancel() {
        calls.add("cancel");
    }

    @Override
    public UpdateProgress progress() {
        return new UpdateProgress("V2", "preparing");
    }

    @Override
    public CompletionStage<Void> restart(String service) {
        calls.add("restart " + service);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<String> startInstance(String service, String instance, Map<String, String> configuration) {
        if ("nobody".equals(service)) {
            throw new GatewayException(GatewayException.Kind.NOT_FOUND, "there is no service nobody");
        }
        calls.add("start " + service + " " + instance + " " + configuration);
        return start;
    }

    @Override
    public CompletionStage<Void> stopInstance(String service, String instance) {
        calls.add("stop " + service + " " + instance);
        return stop;
    }

    @Override
    public void report(String service, String instance, Map<String, Object> values) {
        if (!"hub".equals(service)) {
            throw new GatewayException(GatewayException.Kind.FORBIDDEN, "a service reports for itself only");
        }
        calls.add("report " + service + " " + instance + " " + values);
    }

    @Override
    public int availablePort() {
        return 50123;
    }

    @Override
    public boolean settled() {
        return true;
    }
}
