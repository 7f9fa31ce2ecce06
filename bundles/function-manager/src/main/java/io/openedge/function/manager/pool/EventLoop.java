package io.openedge.function.manager.pool;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;

/**
 * A {@link Loop} on a thread of its own. Handing over a task takes no lock, and wakes the thread only when it sleeps: a
 * message passes here several times.
 */
public final class EventLoop implements Loop {
    private static final int TASKS_BETWEEN_TIMERS = 100;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>();
    private final Thread thread;
    private final Logger log;
    private long lastNumber;
    private volatile boolean asleep;
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
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        long at = nanos() + delay.toNanos();
        if (Thread.currentThread() == thread) {
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
            if (Thread.currentThread() == thread) {
                later.remove(entry);
            }
        };
    }

    private void work() {
        while (!closed) {
            Runnable task = tasks.poll();
            for (int i = 0; task != null && i < TASKS_BETWEEN_TIMERS; i++) {
                run(task);
                task = tasks.poll();
            }
            if (task != null) {
                run(task);
                runDue();
            } else if (!runDue()) {
                rest();
            }
        }
        tasks.clear();
        later.clear();
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

    /** Whoever adds a task after the look at the queue sees that the thread sleeps, and wakes it. */
    private void rest() {
        asleep = true;
        if (tasks.isEmpty() && !closed) {
            if (later.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, later.peek().at - nanos());
            }
        }
        asleep = false;
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
