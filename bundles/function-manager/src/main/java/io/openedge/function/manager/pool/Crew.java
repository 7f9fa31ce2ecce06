package io.openedge.function.manager.pool;

import io.openedge.function.FunctionException;
import io.openedge.module.ModuleContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The instances of one function: how many there are, which are idle, when more are started and when one goes. After a
 * start that failed the next waits, longer each time; the place is free meanwhile. Owned by the loop.
 */
final class Crew {
    private final FunctionConfig function;
    private final Loop loop;
    private final Logger log;
    private final InstanceSource source;
    private final Delays delays;
    private final Repeats failures;
    private final Runnable changed;
    private final Consumer<FunctionException> hopeless;
    private final Deque<PooledInstance> idle = new ArrayDeque<>();
    private final List<PooledInstance> busy = new ArrayList<>();
    private int starting;
    private int failedStarts;
    private boolean paused;
    private boolean closed;

    /**
     * @param changed an instance has become idle, or the next may be started
     * @param hopeless a start failed and there is no other instance
     */
    Crew(
            ModuleContext context,
            FunctionConfig function,
            Loop loop,
            Runnable changed,
            Consumer<FunctionException> hopeless) {
        this.function = function;
        this.loop = loop;
        this.log = context.logger();
        this.source = InstanceSource.of(context, function, loop);
        this.failures = new Repeats(loop, log);
        this.delays = new Delays(function.backoff().max());
        this.changed = changed;
        this.hopeless = hopeless;
        scheduleEviction();
    }

    int size() {
        return idle.size() + busy.size() + starting;
    }

    /**
     * An instance for a call: of the idle ones that which was used last, else the one with the least in its pipe that has
     * room; null when there is none.
     */
    @Nullable
    PooledInstance take() {
        PooledInstance idler = idle.pollFirst();
        if (idler != null) {
            busy.add(idler);
            return idler;
        }
        PooledInstance best = null;
        for (int i = 0; i < busy.size(); i++) {
            PooledInstance instance = busy.get(i);
            if (instance.room() && (best == null || instance.load() < best.load())) {
                best = instance;
            }
        }
        return best;
    }

    /**
     * An idle instance for a message at which one went; null when there is none, or when the others need it.
     *
     * @param waiting messages of the others
     * @param lively whether the others come and go
     */
    @Nullable
    PooledInstance takeAlone(int waiting, boolean lively) {
        int left = idle.size() + busy.size() - 1;
        boolean needed = waiting > 0 ? left < function.instance().max() : left < 1 && lively;
        return idle.isEmpty() || needed && mayHaveOneMore() ? null : take();
    }

    /** Whether there may be one more than {@code max}, for a message at which one went: it must be one of its own. */
    boolean mayHaveOneMore() {
        return function.address().isEmpty() && !paused;
    }

    /** A call of it has ended. */
    void giveBack(PooledInstance instance) {
        if (instance.idle() && busy.remove(instance)) {
            idle.addFirst(instance);
        }
    }

    /**
     * Starts what {@code min} and the messages that wait ask for, up to {@code max}.
     *
     * @param suspects messages at which an instance went: for these there is one more, while the others need theirs
     * @param lively whether the others come and go
     */
    void fit(int waiting, int suspects, boolean lively) {
        boolean others = lively || waiting > 0 || !busy.isEmpty();
        int wanted = suspects == 0 ? 0 : others ? 2 : 1;
        int max = function.instance().max() + (suspects > 0 && others && mayHaveOneMore() ? 1 : 0);
        while (!closed
                && !paused
                && size() < max
                && (size() < function.instance().min() || starting < waiting || size() < wanted)) {
            starting++;
            source.start(this::started, this::failed);
        }
    }

    /** Stops what is idle and above {@code max}, when no message waits for one more. */
    void shrink() {
        int max = function.instance().max();
        while (!idle.isEmpty() && idle.size() + busy.size() > max && size() - apart() > max) {
            discard(idle.peekLast(), "it was one more than max, for a message at which another one went");
        }
    }

    private int apart() {
        int count = 0;
        for (PooledInstance instance : busy) {
            count += instance.suspect() ? 1 : 0;
        }
        return count;
    }

    private void started(PooledInstance instance) {
        starting--;
        if (closed) {
            remove(instance);
            return;
        }
        failedStarts = 0;
        instance.idleSince(loop.nanos());
        idle.addFirst(instance);
        changed.run();
    }

    private void failed(FunctionException error) {
        starting--;
        if (closed) {
            return;
        }
        failures.warn("function " + function.name() + ": " + error.getMessage());
        if (!paused) {
            paused = true;
            failedStarts++;
            loop.schedule(delays.after(failedStarts), this::resume);
        }
        if (size() == 0) {
            hopeless.accept(error);
        }
    }

    private void resume() {
        paused = false;
        changed.run();
    }

    /** Ends an instance that cannot be used again; whatever comes of its call is late. */
    void discard(PooledInstance instance, String reason) {
        if (busy.remove(instance) || idle.remove(instance)) {
            log.info("function {}: instance {} is stopped: {}", function.name(), instance.number(), reason);
            remove(instance);
        }
    }

    private void remove(PooledInstance instance) {
        close(instance);
        source.stop(instance.number());
    }

    private void close(PooledInstance instance) {
        try {
            instance.connection().close();
        } catch (RuntimeException e) { // the runtime's bundle is going away; it must not keep the instance's place
            log.warn("function {}: instance {}: {}", function.name(), instance.number(), e.toString());
        }
    }

    private void scheduleEviction() {
        loop.schedule(function.instance().evicttime(), this::evict);
    }

    private void evict() {
        if (closed) {
            return;
        }
        scheduleEviction();
        long limit = function.instance().idletime().toNanos();
        while (size() > function.instance().min()
                && !idle.isEmpty()
                && loop.nanos() - idle.peekLast().since() >= limit) {
            discard(idle.peekLast(), "idle");
        }
    }

    /** Stops all; completes when the gateway says that they are over. */
    CompletionStage<Void> close() {
        closed = true;
        idle.forEach(this::close);
        busy.forEach(this::close);
        idle.clear();
        busy.clear();
        CompletableFuture<Void> over = new CompletableFuture<>();
        source.stopAll().whenComplete((none, error) -> over.complete(null));
        return over;
    }
}
