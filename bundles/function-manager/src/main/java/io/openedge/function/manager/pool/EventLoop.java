package io.openedge.function.manager.pool;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A {@link Loop} with a thread of its own, which leaves its work to others while they bring it: one thread at a time is its
 * owner and runs tasks. Handing over a task takes no lock, and wakes the thread only when it sleeps: a message passes here
 * several times.
 */
public final class EventLoop implements Loop {
    private static final int TASKS_BETWEEN_TIMERS = 100;
    private static final long FOR_EVER = Duration.ofHours(1).toNanos();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>();
    private final Thread thread;
    private final Logger log;
    /** Who runs tasks now; nothing: nobody. */
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    private long lastNumber;
    /** When the thread is to wake at the latest; written by the owner. Unit: nanoseconds. */
    private volatile long wakeAt;

    private volatile boolean asleep;
    /** Whether the thread has something to do, and waits until it is the owner. */
    private volatile boolean wanted;

    private volatile boolean closed;

    private static final class Later implements Comparable<Later> {
        private final long at;
        private final long number;
        private final Runnable task;
        private volatile boolean cancelled;

        Later(long at, long number, Runnable task) {
            this.at = at;
            this.number = number;
            this.task = task;
        }

        @Override
        public int compareTo(Later other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at - other.at, 0);
        }
    }

    /** @param name of the thread */
    public EventLoop(String name, Logger log) {
        this.log = log;
        this.thread = new Thread(this::work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            return;
        }
        tasks.add(task);
        wake();
    }

    private void wake() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void runOrExecute(Runnable task) {
        if (closed || wanted || !tasks.isEmpty() || !owner.compareAndSet(null, Thread.currentThread())) {
            execute(task);
            return;
        }
        boolean first = tasks.isEmpty();
        long before = wakeAt;
        if (first) {
            run(task);
        } else {
            tasks.add(task);
        }
        giveUp();
        if (wanted || !tasks.isEmpty() || wakeAt - before < 0) {
            wake();
        }
    }

    /** Whoever is the owner runs tasks and keeps the timers; it says when the thread is to look at these at the latest. */
    private void giveUp() {
        wakeAt = later.isEmpty() ? nanos() + FOR_EVER : later.peek().at;
        owner.set(null);
    }

    private boolean isOwner() {
        return owner.get() == Thread.currentThread();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        long at = nanos() + delay.toNanos();
        if (isOwner()) {
            return add(at, task);
        }
        Later entry = new Later(at, 0, task);
        execute(() -> later.add(entry));
        return () -> entry.cancelled = true;
    }

    private Timer add(long at, Runnable task) {
        Later entry = new Later(at, ++lastNumber, task);
        later.add(entry);
        return () -> {
            entry.cancelled = true;
            if (isOwner()) {
                later.remove(entry);
            }
        };
    }

    private void work() {
        while (!closed) {
            if (owner.compareAndSet(null, thread)) {
                runAll();
                giveUp();
                rest();
            } else {
                awaitOwner();
            }
        }
        tasks.clear();
    }

    /** Until there is nothing to do now. */
    private void runAll() {
        boolean more = true;
        while (more && !closed) {
            Runnable task = tasks.poll();
            for (int i = 0; task != null && i < TASKS_BETWEEN_TIMERS; i++) {
                run(task);
                task = tasks.poll();
            }
            if (task != null) {
                run(task);
            }
            more = runDue() || task != null;
        }
    }

    private boolean runDue() {
        Later next = later.peek();
        if (next == null || next.at - nanos() > 0) {
            return false;
        }
        later.remove();
        if (!next.cancelled) {
            run(next.task);
        }
        return true;
    }

    /** Whoever adds a task, or a timer that is the first, after the look sees that the thread sleeps, and wakes it. */
    private void rest() {
        asleep = true;
        if (tasks.isEmpty() && !closed) {
            LockSupport.parkNanos(this, wakeAt - nanos());
        }
        asleep = false;
    }

    /** Another thread runs a task, and wakes this one when it is over. */
    private void awaitOwner() {
        wanted = true;
        asleep = true;
        if (owner.get() != null && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
        wanted = false;
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // the loop must go on
            log.error("a task of the function manager failed", e);
        }
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
