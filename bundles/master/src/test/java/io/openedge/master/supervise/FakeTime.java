package io.openedge.master.supervise;

import io.openedge.master.work.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Time that passes when a test says so. */
public final class FakeTime implements Time {
    private final List<Waiting> alarms = new ArrayList<>();
    private long nanos = 1;

    @Override
    public synchronized Instant now() {
        return Instant.ofEpochSecond(1_000_000_000L).plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Alarm after(Duration delay, Runnable task) {
        Waiting waiting = new Waiting(delay, nanos + delay.toNanos(), task);
        alarms.add(waiting);
        return () -> cancel(waiting);
    }

    private synchronized void cancel(Waiting waiting) {
        alarms.remove(waiting);
    }

    /** How long what waits was told to wait. */
    public synchronized List<Duration> waiting() {
        return alarms.stream().map(Waiting::delay).toList();
    }

    /** Lets time pass; what becomes due runs on this thread. */
    public void pass(Duration duration) {
        long end = nanos() + duration.toNanos();
        Optional<Waiting> due = due(end);
        while (due.isPresent()) {
            due.get().task().run();
            due = due(end);
        }
    }

    private synchronized Optional<Waiting> due(long end) {
        Optional<Waiting> first =
                alarms.stream().filter(alarm -> alarm.at() <= end).min(Comparator.comparingLong(Waiting::at));
        first.ifPresent(alarms::remove);
        nanos = first.map(Waiting::at).orElse(end);
        return first;
    }

    private record Waiting(Duration delay, long at, Runnable task) {}
}
