package io.openedge.timer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A thread and a clock that stand still until the test moves them on. Runs what is due on the test's thread. */
final class FakeTime extends ScheduledThreadPoolExecutor implements InstantSource {
    private Instant now = Instant.ofEpochSecond(1_700_000_000);
    private Runnable task = () -> {};
    private Duration period = Duration.ofDays(1);
    private Instant next = Instant.MAX;

    FakeTime() {
        super(0);
    }

    void pass(Duration duration) {
        Instant end = now.plus(duration);
        while (!isShutdown() && !next.isAfter(end)) {
            now = next;
            next = next.plus(period);
            task.run();
        }
        now = end;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable what, long delay, long every, TimeUnit unit) {
        task = what;
        period = Duration.of(every, unit.toChronoUnit());
        next = now.plus(delay, unit.toChronoUnit());
        return super.schedule(what, Integer.MAX_VALUE, TimeUnit.DAYS);
    }

    @Override
    public void execute(Runnable what) {
        what.run();
    }

    @Override
    public Instant instant() {
        return now;
    }
}
