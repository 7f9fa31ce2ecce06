package io.openedge.function.manager;

import io.openedge.function.manager.pool.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/** A loop on the test's own thread, whose time moves when the test says so. */
public final class FakeLoop implements Loop {
    private final Deque<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparingLong(Later::at).thenComparingLong(Later::order));
    private long now;
    private long order;
    private boolean running;
    private boolean closed;

    private record Later(long at, long order, Runnable task) {}

    @Override
    public void execute(Runnable task) {
        if (closed) {
            return;
        }
        ready.addLast(task);
        if (!running) {
            running = true;
            try {
                while (!ready.isEmpty()) {
                    ready.removeFirst().run();
                }
            } finally {
                running = false;
            }
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Later entry = new Later(now + delay.toNanos(), order++, task);
        later.add(entry);
        return () -> later.remove(entry);
    }

    /** Lets time pass; what is due runs at its time. */
    public void advance(Duration time) {
        long until = now + time.toNanos();
        while (!closed && !later.isEmpty() && later.peek().at() <= until) {
            Later next = later.remove();
            now = next.at();
            execute(next.task());
        }
        now = until;
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void close() {
        closed = true;
    }
}
