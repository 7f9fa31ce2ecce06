package io.openedge.function.manager;

import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import io.openedge.system.Hardware;
import io.openedge.system.Inspect;
import io.openedge.system.ServiceStatus;
import io.openedge.system.Software;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A gateway that starts instances at once, never, or only in failure, and remembers what it was asked. */
public final class FakeGateway implements Gateway {
    /** What becomes of a start. */
    public enum Starts {
        WORK,
        FAIL,
        REFUSE,
        WITHOUT_ADDRESS,
        HANG
    }

    public Starts starts = Starts.WORK;
    /** Whether a stop is over at once. */
    public boolean stopsAtOnce = true;

    /** Of the application. */
    public final List<String> services = new ArrayList<>(List.of("localhub", "python"));

    public final List<String> reports = new ArrayList<>();
    public final List<String> started = new ArrayList<>();
    public final List<String> stopped = new ArrayList<>();
    public final TreeSet<String> running = new TreeSet<>();
    public final Map<String, CompletableFuture<String>> hanging = new LinkedHashMap<>();
    public final List<CompletableFuture<Void>> stopping = new ArrayList<>();

    @Override
    public CompletionStage<String> startInstance(String service, String instance, Map<String, String> configuration) {
        started.add(instance);
        return switch (starts) {
            case WORK -> {
                if (!running.add(instance)) {
                    throw new AssertionError(instance + " runs already");
                }
                yield CompletableFuture.completedFuture("osgi:" + instance);
            }
            case WITHOUT_ADDRESS -> CompletableFuture.completedFuture("");
            case FAIL ->
                CompletableFuture.failedFuture(
                        new GatewayException(GatewayException.Kind.INVALID, "no Python runs here"));
            case REFUSE -> throw new GatewayException(GatewayException.Kind.NOT_FOUND, "no service " + service);
            case HANG -> {
                CompletableFuture<String> start = new CompletableFuture<>();
                hanging.put(instance, start);
                yield start;
            }
        };
    }

    @Override
    public CompletionStage<Void> stopInstance(String service, String instance) {
        stopped.add(instance);
        running.remove(instance);
        CompletableFuture<Void> stop = new CompletableFuture<>();
        if (stopsAtOnce) {
            stop.complete(null);
        } else {
            stopping.add(stop);
        }
        return stop;
    }

    @Override
    public Inspect inspect() {
        return new Inspect(
                "",
                Instant.EPOCH,
                new Software("", "", "", "", "", "", ""),
                Hardware.UNKNOWN,
                services.stream()
                        .map(name -> new ServiceStatus(name, List.of()))
                        .toList(),
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
        throw new UnsupportedOperationException();
    }

    @Override
    public void report(String service, String instance, Map<String, Object> values) {
        reports.add(instance + " " + values);
    }

    @Override
    public int availablePort() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean settled() {
        return true;
    }
}
