package io.openedge.master.work;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The threads of supervision: a few for owners, which never block, and as many as calls of engines are under way. There
 * is at most one such call for a service and one for an instance.
 */
public final class Workers implements AutoCloseable {
    private static final int OWNERS = 2;
    private static final long IDLE_SECONDS = 10;

    private final ExecutorService owners = Executors.newFixedThreadPool(OWNERS, Threads.named("openedge-supervise"));
    private final ExecutorService calls = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Threads.named("openedge-call"));

    /** Runs its tasks one after the other; they must not block. */
    public Owner owner() {
        return new Owner(owners);
    }

    /** An owner whose tasks may block. */
    public Owner blockingOwner() {
        return new Owner(calls);
    }

    /** For continuations of callers, which are not ours. */
    public Executor calls() {
        return calls;
    }

    /**
     * Makes a call that may block; its outcome comes back to the owner exactly once, also when it is cancelled: at once
     * when it has not begun, else when it has reacted to the interrupt.
     */
    public <T> Future<?> call(Owner owner, Callable<T> call, Outcome<T> outcome) {
        Call<T> task = new Call<>(owner, call, outcome);
        try {
            calls.execute(task);
        } catch (RejectedExecutionException ended) {
            task.cancel(false);
        }
        return task;
    }

    @Override
    public void close() {
        owners.shutdownNow();
        calls.shutdownNow();
    }

    /** What became of a call; one of both is null, also the value of a call that has none. */
    @FunctionalInterface
    public interface Outcome<T> {
        /** On the owner. */
        void came(@Nullable T value, @Nullable Throwable failure);
    }

    private static final class Call<T> extends FutureTask<Boolean> {
        private final AtomicBoolean begun;
        private final Owner owner;
        private final Outcome<T> outcome;

        Call(Owner owner, Callable<T> call, Outcome<T> outcome) {
            this(owner, call, outcome, new AtomicBoolean());
        }

        private Call(Owner owner, Callable<T> call, Outcome<T> outcome, AtomicBoolean begun) {
            super(() -> begun.compareAndSet(false, true) && make(owner, call, outcome));
            this.begun = begun;
            this.owner = owner;
            this.outcome = outcome;
        }

        @Override
        protected void done() {
            if (isCancelled() && begun.compareAndSet(false, true)) {
                owner.execute(() -> outcome.came(null, new CancellationException("given up")));
            }
        }

        private static <T> boolean make(Owner owner, Callable<T> call, Outcome<T> outcome) {
            T result = null;
            Throwable failure = null;
            try {
                result = call.call();
            } catch (Throwable e) { // whatever it is, the owner must hear of it
                failure = e;
            }
            T value = result;
            Throwable problem = failure;
            owner.execute(() -> outcome.came(value, problem));
            return true;
        }
    }
}
