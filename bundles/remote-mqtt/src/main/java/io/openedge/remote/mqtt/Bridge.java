package io.openedge.remote.mqtt;

import io.openedge.app.ConfigException;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A bridge at work: its sessions, and a thread that reports and opens those that have to wait.
 *
 * <p>Thread rule: {@link #close} from any thread. Sessions have a thread each, so that none holds up another.
 */
final class Bridge implements ModuleInstance {
    private static final long LOOK_MILLIS = 1_000;
    private static final long DRAIN_MILLIS = 5_000;

    private final ModuleContext context;
    private final Standing hub = new Standing();
    private final List<Remote> remotes;
    private final List<Pair> pairs = new ArrayList<>();
    private final Report report;
    private final ScheduledExecutorService thread;

    private Bridge(ModuleContext context, BridgeConfig config) {
        this.context = context;
        Map<String, Remote> byName = new LinkedHashMap<>();
        config.remotes().forEach(each -> byName.put(each.name(), new Remote(each)));
        this.remotes = List.copyOf(byName.values());
        for (RuleConfig rule : config.rules()) {
            Remote remote = byName.get(rule.remote().name());
            List<Pair> classes = new ArrayList<>();
            for (int number = rule.classes(); number > 0; number--) {
                classes.add(Pair.of(config.hub(), hub, remote, rule, number, List.of()));
            }
            pairs.addAll(classes);
            pairs.add(Pair.of(config.hub(), hub, remote, rule, 0, classes));
        }
        this.report = new Report(context, hub, remotes);
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, context.instance() + "-report");
            made.setDaemon(true);
            return made;
        });
    }

    /** Connects; hub and remotes that are away are waited for. */
    static Bridge start(ModuleContext context) throws ConfigException {
        BridgeConfig config = context.configuration(BridgeConfig.class);
        Bridge bridge = new Bridge(context, config);
        try {
            for (Pair pair : bridge.pairs) {
                pair.open(context, bridge.thread);
            }
        } catch (ConfigException | RuntimeException e) {
            bridge.close();
            throw e;
        }
        bridge.thread.scheduleWithFixedDelay(bridge::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return bridge;
    }

    private void look() {
        try {
            remotes.forEach(remote -> remote.flows().forEach(Flow::look));
            report.look();
        } catch (RuntimeException e) {
            context.fail(e);
        }
    }

    /** Waits until the hub's side is connected; false when the limit passed before. */
    boolean awaitHub(Duration limit) throws InterruptedException {
        if (pairs.isEmpty()) {
            return true;
        }
        try {
            hub.reached().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes no more messages, waits shortly for those on their way, disconnects. */
    @Override
    public void close() {
        await(remotes.stream().flatMap(remote -> remote.flows().stream()).map(Flow::drain));
        boolean quiet = endThread();
        await(pairs.stream()
                .flatMap(pair -> Stream.of(pair.near(), pair.far()))
                .map(session -> CompletableFuture.runAsync(session::close, Bridge::onThread)));
        if (quiet) {
            report.end();
        }
    }

    /** Afterwards no session is opened any more; false when it still reports. */
    private boolean endThread() {
        thread.shutdown();
        try {
            return thread.awaitTermination(DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            thread.shutdownNow();
        }
    }

    /** One that hangs must not hold up the others. */
    private static void onThread(Runnable task) {
        new Thread(task, "remote-close").start();
    }

    private void await(Stream<CompletableFuture<Void>> tasks) {
        try {
            CompletableFuture.allOf(tasks.toArray(CompletableFuture<?>[]::new))
                    .get(DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            context.logger().debug("messages on their way are left to the brokers that they came from");
        } catch (ExecutionException e) {
            context.logger().warn("a connection did not close cleanly", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
