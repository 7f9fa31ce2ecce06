package io.openedge.master.supervise;

import io.openedge.app.ServiceSpec;
import io.openedge.engine.Engine;
import io.openedge.master.stats.Leftover;
import io.openedge.master.stats.StatsFile;
import io.openedge.master.stats.StatsWriter;
import io.openedge.master.work.Once;
import io.openedge.master.work.Owner;
import io.openedge.master.work.Time;
import io.openedge.master.work.Workers;
import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import io.openedge.system.HostStats;
import io.openedge.system.InstanceState;
import io.openedge.system.ServiceStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the services of the application running, whatever their engines are. Thread rule: any thread; nothing blocks,
 * and what is returned completes on a thread where its continuations may block.
 */
public final class Supervisor {
    private static final Duration SLACK = Duration.ofSeconds(5);
    private static final int MOST_CALLS = 1000;
    private static final String NOT_THERE = "the gateway is not ready: its application is not loaded yet";

    private final Workers workers;
    private final Time time;
    private final Usage usage;
    private final StatsWriter stats;
    private final Surroundings around;
    private final InstanceNames names = new InstanceNames();
    private final Owner owner;

    private final EngineWatch watch;
    private final LeftBehind leftBehind = new LeftBehind();
    private final Away away = new Away();
    private volatile @Nullable Map<String, ServiceKeeper> services;
    private boolean ending;

    /**
     * @param host knows what processes use
     * @param statsFile application.stats; read now for what the last run of the gateway left behind
     */
    public Supervisor(Workers workers, Time time, Engines engines, HostStats host, Path statsFile) {
        this.workers = workers;
        this.time = time;
        this.usage = new Usage(host);
        StatsFile file = new StatsFile(statsFile);
        owner = workers.owner();
        stats = new StatsWriter(file, workers.blockingOwner(), this::entries);
        around = new Surroundings(workers, time, SLACK, stats::changed, leftBehind);
        watch = new EngineWatch(workers, owner, engines, file.read(), this::tell, stats::changed);
    }

    /**
     * Starts the services in their order. One that is slow, fails or waits holds up the next for three seconds at most.
     * Completes when each had its turn.
     *
     * @param unavailable why an engine of that name cannot be had in this installation; empty: it is there or will come
     */
    public CompletableFuture<Void> start(List<Plan> plans, Function<String, Optional<String>> unavailable) {
        Map<String, ServiceKeeper> all = keepers(plans);
        services = Collections.unmodifiableMap(all);
        show(all);
        CompletableFuture<Void> begun = new CompletableFuture<>();
        owner.execute(() -> {
            if (!ending) {
                watch.begin();
                begin(all, unavailable, begun);
            }
        });
        return begun;
    }

    /**
     * Ends some services at the same time, then starts others in their order; all the rest is not touched. Completes when
     * that has been done, whatever came of it; never when the gateway stops before.
     */
    public CompletableFuture<Void> change(ServiceChange change) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        owner.execute(() -> {
            away.leave(change.returning());
            Once next = new Once(() -> owner.execute(() -> replace(change, over)));
            Time.Alarm limit = time.after(change.stopLimit(), next);
            end(change.stop(), "an update takes it out").thenRun(() -> {
                limit.cancel();
                next.run();
            });
        });
        return over;
    }

    private void replace(ServiceChange change, CompletableFuture<Void> over) {
        if (ending) {
            away.back();
            return;
        }
        Map<String, ServiceKeeper> known = new HashMap<>(all());
        known.keySet().removeAll(change.stop());
        Map<String, ServiceKeeper> fresh = keepers(change.start().get());
        known.putAll(fresh);
        Map<String, ServiceKeeper> all = new LinkedHashMap<>();
        change.order().stream().filter(known::containsKey).forEach(name -> all.put(name, known.get(name)));
        services = Collections.unmodifiableMap(all);
        show(fresh);
        away.back();
        fresh.values().forEach(keeper -> tell(keeper, watch.usable(keeper.engineName())));
        begin(fresh, change.unavailable(), over);
        stats.changed();
    }

    /** Their environments name all services: these are known before. */
    private static void show(Map<String, ServiceKeeper> keepers) {
        keepers.values().forEach(keeper -> keeper.owner().execute(keeper::show));
    }

    private Map<String, ServiceKeeper> keepers(List<Plan> plans) {
        Map<String, ServiceKeeper> all = new LinkedHashMap<>();
        for (Plan plan : plans) {
            ServiceKeeper keeper = new ServiceKeeper(around, plan, names);
            all.put(plan.service().name(), keeper);
        }
        return all;
    }

    private void begin(
            Map<String, ServiceKeeper> keepers,
            Function<String, Optional<String>> unavailable,
            CompletableFuture<Void> begun) {
        new StartOrder(owner, time, List.copyOf(keepers.values()), unavailable, begun).next(0);
    }

    private CompletableFuture<Void> tell(String name, @Nullable Engine engine) {
        return CompletableFuture.allOf(all().values().stream()
                .filter(keeper -> keeper.engineName().equals(name))
                .map(keeper -> tell(keeper, engine))
                .toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> tell(ServiceKeeper keeper, @Nullable Engine engine) {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        keeper.owner().execute(() -> {
            try {
                keeper.engineIs(engine);
            } finally {
                heard.complete(null);
            }
        });
        return heard;
    }

    /** Starts an instance, as {@link io.openedge.system.Gateway#startInstance}. */
    public CompletionStage<String> startInstance(String service, String instance, Map<String, String> configuration) {
        Map<String, String> variables = Map.copyOf(configuration);
        return on(service, keeper -> keeper.instances().start(instance, variables));
    }

    /** Where a service reaches an instance that runs: under another engine it may see another address. */
    public Optional<String> address(String service, String instance, String caller) {
        String engine = Optional.ofNullable(all().get(caller))
                .map(ServiceKeeper::engineName)
                .orElse("");
        return Optional.ofNullable(all().get(service)).stream()
                .flatMap(keeper -> keeper.view().slots().stream())
                .filter(slot -> slot.name().equals(instance))
                .flatMap(slot -> slot.view().stream())
                .flatMap(view -> view.run().stream())
                .findFirst()
                .flatMap(run -> run.address(engine));
    }

    /** Stops an instance, as {@link io.openedge.system.Gateway#stopInstance}. */
    public CompletionStage<Void> stopInstance(String service, String instance) {
        return on(service, keeper -> keeper.instances().stop(instance));
    }

    /** Restarts a service, as {@link io.openedge.system.Gateway#restart}. */
    public CompletionStage<Void> restart(String service) {
        return on(service, ServiceKeeper::restart);
    }

    /**
     * Changes what an instance said of itself.
     *
     * @throws GatewayException when there is no such service or instance
     */
    public void report(String service, String instance, UnaryOperator<Map<String, Object>> change) {
        for (Slot slot : keeper(service).view().slots()) {
            if (slot.name().equals(instance)) {
                slot.reported().updateAndGet(change);
                return;
            }
        }
        throw new GatewayException(Kind.INVALID, "service '" + service + "' has no instance '" + instance + "'");
    }

    /** The services as they are now, in the application's order. */
    public List<ServiceStatus> services() {
        return all().values().stream()
                .map(keeper -> StatusReader.status(keeper, usage::of))
                .toList();
    }

    /** What is wrong with services that have no instance to show it. */
    public List<String> errors() {
        return all().values().stream()
                .filter(keeper -> keeper.view().slots().isEmpty())
                .filter(keeper -> keeper.view().phase().waiting() != InstanceState.PENDING)
                .filter(keeper -> keeper.view().phase() != ServicePhase.CLOSED)
                .map(keeper -> "service '" + keeper.spec().name() + "': "
                        + keeper.view().reason())
                .toList();
    }

    /** A service as it runs now, also while an update has not decided yet which application is the one. */
    public Optional<ServiceSpec> spec(String service) {
        return Optional.ofNullable(all().get(service)).map(ServiceKeeper::spec);
    }

    /** The names of the services that run now. */
    public Set<String> names() {
        return all().keySet();
    }

    /** The services that run now, with their engines. */
    public List<Served> served() {
        return all().values().stream()
                .map(keeper -> new Served(keeper.spec(), keeper.engineName()))
                .toList();
    }

    /** The same without what instances use: for looking often. */
    public Optional<ServiceLook> look(String service) {
        return Optional.ofNullable(all().get(service)).map(StatusReader::look);
    }

    /** Whether every instance has worked, waits for something, or has failed once. */
    public boolean settled() {
        // Asked in this order: what is over stays over, and its services have heard of it.
        return services != null && !watch.busy() && all().values().stream().allMatch(StatusReader::settled);
    }

    /** Stops all services at the same time; completes when all are closed. */
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        owner.execute(() -> {
            ending = true;
            end(all().keySet(), "the gateway stops")
                    .thenCompose(nothing -> stats.end())
                    .thenRun(() -> over.complete(null));
        });
        return over;
    }

    private CompletableFuture<Void> end(Collection<String> names, String why) {
        List<CompletableFuture<Void>> closed = new ArrayList<>();
        all().forEach((name, keeper) -> {
            if (names.contains(name)) {
                CompletableFuture<Void> one = new CompletableFuture<>();
                closed.add(one);
                keeper.owner().execute(() -> keeper.end(why).thenRun(() -> one.complete(null)));
            }
        });
        return CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new));
    }

    private List<Leftover> entries() {
        List<Leftover> entries = new ArrayList<>(watch.leftovers());
        entries.addAll(leftBehind.records());
        for (ServiceKeeper keeper : all().values()) {
            for (Slot slot : keeper.view().slots()) {
                slot.view()
                        .flatMap(InstanceView::run)
                        .flatMap(StatusReader::record)
                        .ifPresent(record -> entries.add(new Leftover(keeper.engineName(), record)));
            }
        }
        return entries;
    }

    /** A call of a service that an update stops and starts again is made when it is back. */
    private <T> CompletionStage<T> on(String service, Function<ServiceKeeper, CompletableFuture<T>> action) {
        Optional<CompletableFuture<Void>> back = away.until(service);
        if (back.isEmpty()) {
            return now(service, action);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        back.get().thenRun(() -> {
            try {
                now(service, action).whenComplete((value, failure) -> answer(result, value, failure));
            } catch (GatewayException refused) {
                result.completeExceptionally(refused);
            }
        });
        return result;
    }

    private <T> CompletionStage<T> now(String service, Function<ServiceKeeper, CompletableFuture<T>> action) {
        ServiceKeeper keeper = keeper(service);
        CompletableFuture<T> result = new CompletableFuture<>();
        if (keeper.calls().incrementAndGet() > MOST_CALLS) {
            keeper.calls().decrementAndGet();
            throw new GatewayException(Kind.INVALID, "service '" + service + "' has too many calls to answer");
        }
        keeper.owner()
                .execute(() -> attempt(keeper, action).whenComplete((value, failure) -> {
                    keeper.calls().decrementAndGet();
                    answer(result, value, failure);
                }));
        return result;
    }

    private static <T> CompletableFuture<T> attempt(
            ServiceKeeper keeper, Function<ServiceKeeper, CompletableFuture<T>> action) {
        try {
            return action.apply(keeper);
        } catch (GatewayException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** What a caller does with its answer is not the owner's work. */
    private <T> void answer(CompletableFuture<T> result, T value, @Nullable Throwable failure) {
        workers.calls().execute(() -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    private ServiceKeeper keeper(String service) {
        ServiceKeeper keeper = all().get(service);
        if (keeper == null) {
            throw new GatewayException(
                    Kind.NOT_FOUND, services == null ? NOT_THERE : "there is no service '" + service + "'");
        }
        return keeper;
    }

    private Map<String, ServiceKeeper> all() {
        Map<String, ServiceKeeper> now = services;
        return now == null ? Map.of() : now;
    }
}
