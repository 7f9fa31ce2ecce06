package io.openedge.function.manager;

import io.openedge.app.ConfigException;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.manager.pool.FunctionConfig;
import io.openedge.function.manager.pool.Lane;
import io.openedge.function.manager.pool.Loop;
import io.openedge.function.manager.pool.Pool;
import io.openedge.function.manager.rule.HubReport;
import io.openedge.function.manager.rule.Rule;
import io.openedge.function.manager.rule.RuleConfig;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import io.openedge.system.ServiceStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;

/** A function manager at work: its rules, its pools, and the loop that owns them. */
final class ManagerInstance implements ModuleInstance {
    private static final int CALLS_SECONDS = 5;
    private static final int STOP_SECONDS = 15;
    private static final int HURRY_SECONDS = 1;

    private final Loop loop;
    private final Logger log;
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private FunctionServerConfig server = FunctionServerConfig.DEFAULT;
    private Optional<FunctionEndpoint> entry = Optional.empty();

    private ManagerInstance(Loop loop, Logger log) {
        this.loop = loop;
        this.log = log;
    }

    /**
     * Starts pools and rules; a hub that is away is waited for.
     *
     * @param loop closed with the instance
     */
    static ManagerInstance start(ModuleContext context, Loop loop, InstantSource clock)
            throws ConfigException, InterruptedException {
        ManagerInstance instance = new ManagerInstance(loop, context.logger());
        try {
            instance.open(context, clock);
            return instance;
        } catch (ConfigException | InterruptedException | RuntimeException e) {
            instance.close();
            throw e;
        }
    }

    private void open(ModuleContext context, InstantSource clock) throws ConfigException, InterruptedException {
        ManagerConfig config = context.configuration(ManagerConfig.class);
        server = config.server();
        Map<String, Lane> callers = new LinkedHashMap<>();
        entry = Optional.of(new CallerEntry(callers, loop, clock));
        warnOfServices(context, config);
        HubReport hub = new HubReport(context);
        onLoop(
                () -> {
                    for (FunctionConfig function : config.functions()) {
                        Pool pool = new Pool(context, function, loop);
                        pools.put(function.name(), pool);
                        callers.put(function.name(), pool.lane(() -> false));
                    }
                    for (int i = 0; i < config.rules().size(); i++) {
                        RuleConfig rule = config.rules().get(i);
                        String name = config.clientId(context.service(), i);
                        Pool pool = pools.get(rule.function().name());
                        rules.add(new Rule(rule, name, pool, loop, hub, clock, log));
                    }
                    return CompletableFuture.completedFuture(null);
                },
                STOP_SECONDS);
        for (Rule rule : rules) {
            rule.open(context, config.hub());
        }
    }

    /** Waits until every rule is connected to the hub; false when the limit passed before. */
    boolean awaitHub(Duration limit) throws InterruptedException {
        CompletableFuture<?>[] connections = rules.stream().map(Rule::connected).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(connections).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A function whose service is missing answers every message with an error: that is said before the first comes. */
    private void warnOfServices(ModuleContext context, ManagerConfig config) {
        List<String> services;
        try {
            services = context.gateway().inspect().services().stream()
                    .map(ServiceStatus::name)
                    .toList();
        } catch (RuntimeException e) { // a gateway that does not say keeps nobody from starting
            log.debug("the gateway does not say which services there are: {}", e.getMessage());
            return;
        }
        for (int i = 0; i < config.functions().size(); i++) {
            String service = config.functions().get(i).service();
            if (!service.isEmpty() && !services.contains(service)) {
                log.warn(
                        "service.yml: functions[{}].service: the application has no service '{}', so that function '{}'"
                                + " cannot be computed; there are: {}",
                        i,
                        service,
                        config.functions().get(i).name(),
                        String.join(", ", services));
            }
        }
    }

    @Override
    public Optional<FunctionEndpoint> endpoint() {
        return entry;
    }

    @Override
    public FunctionServerConfig server() {
        return server;
    }

    /** Takes no more messages, waits shortly for calls that run, stops instances, disconnects. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!onLoop(this::drain, interrupted ? HURRY_SECONDS : CALLS_SECONDS)) {
                log.warn("messages whose calls run on are left to the hub, which sends them again");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        try {
            if (!onLoop(this::stopInstances, interrupted ? HURRY_SECONDS : STOP_SECONDS)) {
                log.warn("function instances are still being stopped");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            rules.forEach(Rule::close);
            loop.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private CompletionStage<Void> drain() {
        rules.forEach(Rule::drain);
        return all(pools.values().stream().map(Pool::drain).toList());
    }

    private CompletionStage<Void> stopInstances() {
        return all(pools.values().stream().map(Pool::close).toList());
    }

    private static CompletionStage<Void> all(List<CompletionStage<Void>> stages) {
        return CompletableFuture.allOf(
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }

    /** Runs a task on the loop; false when what it began is not over within the limit. */
    private boolean onLoop(Supplier<CompletionStage<Void>> task, int seconds) throws InterruptedException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                task.get().whenComplete((none, error) -> over.complete(null));
            } catch (RuntimeException e) {
                over.completeExceptionally(e);
            }
        });
        try {
            over.get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
