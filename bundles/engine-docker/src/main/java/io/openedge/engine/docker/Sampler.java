package io.openedge.engine.docker;

import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.Statistics;
import io.openedge.engine.InstanceStats;
import io.openedge.system.CpuStats;
import io.openedge.system.MemStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what containers use: each by itself, so that one that does not answer holds up no other, and often only while
 * somebody wants to know. Thread rule: any thread; who asks is answered from memory.
 */
final class Sampler {
    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
    private static final long PERIOD_SECONDS = 5;
    private static final int RARELY = 12;
    private static final Duration INTEREST = Duration.ofMinutes(1);
    private static final double PERCENT = 100;

    private final Daemon daemon;
    private final ExecutorService workers;
    private final Map<String, Sample> samples = new ConcurrentHashMap<>();
    private volatile long asked = System.nanoTime() - INTEREST.toNanos();
    private int rounds;

    Sampler(Daemon daemon, ExecutorService workers, ScheduledExecutorService timer) {
        this.daemon = daemon;
        this.workers = workers;
        timer.scheduleWithFixedDelay(this::round, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    void add(String container) {
        Sample sample = samples.computeIfAbsent(container, Sample::new);
        begin(sample);
    }

    void remove(String container) {
        samples.remove(container);
    }

    InstanceStats of(String container) {
        asked = System.nanoTime();
        return Optional.ofNullable(samples.get(container))
                .map(sample -> sample.latest)
                .orElse(InstanceStats.UNKNOWN);
    }

    private void round() {
        boolean wanted = System.nanoTime() - asked < INTEREST.toNanos();
        if (wanted || rounds++ % RARELY == 0) {
            samples.values().forEach(this::begin);
        }
    }

    private void begin(Sample sample) {
        if (!sample.busy.compareAndSet(false, true)) {
            return;
        }
        try {
            workers.execute(() -> {
                try {
                    sample.take(daemon.statistics(sample.container));
                } catch (DaemonException | RuntimeException e) { // the next round may do better
                    LOG.debug("no numbers of {}: {}", sample.container, e.toString());
                } finally {
                    sample.busy.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the engine stops");
        }
    }

    /** What is known of one container; one worker at a time. */
    private static final class Sample {
        private final String container;
        private final AtomicBoolean busy = new AtomicBoolean();
        private Optional<Instant> before = Optional.empty();
        private long cpuBefore;
        private volatile InstanceStats latest = InstanceStats.UNKNOWN;

        private Sample(String container) {
            this.container = container;
        }

        private void take(Statistics statistics) {
            if (statistics.getRead() == null || statistics.getRead().startsWith("0001")) {
                return; // it does not run
            }
            Instant now = Instant.parse(statistics.getRead());
            latest = new InstanceStats(
                    new CpuStats(now, usedPercent(statistics, now), List.of(), ""), memory(statistics, now));
        }

        /** Of one core, since the look before. */
        private double usedPercent(Statistics statistics, Instant now) {
            Long total =
                    statistics.getCpuStats() == null || statistics.getCpuStats().getCpuUsage() == null
                            ? null
                            : statistics.getCpuStats().getCpuUsage().getTotalUsage();
            if (total == null) {
                return 0;
            }
            long nanos =
                    before.map(then -> Duration.between(then, now).toNanos()).orElse(0L);
            long used = total - cpuBefore;
            before = Optional.of(now);
            cpuBefore = total;
            return nanos <= 0 || used < 0 ? 0 : PERCENT * used / nanos;
        }

        /** What files are cached can be taken away and does not count. */
        private static MemStats memory(Statistics statistics, Instant now) {
            MemoryStatsConfig memory = statistics.getMemoryStats();
            if (memory == null || memory.getUsage() == null) {
                return MemStats.UNKNOWN;
            }
            long cached = memory.getStats() == null
                    ? 0
                    : Optional.ofNullable(memory.getStats().getTotalInactiveFile())
                            .or(() -> Optional.ofNullable(memory.getStats().getInactiveFile()))
                            .orElse(0L);
            long used = Math.max(0, memory.getUsage() - cached);
            long total = memory.getLimit() == null ? 0 : memory.getLimit();
            double percent = total == 0 ? 0 : PERCENT * used / total;
            return new MemStats(now, total, Math.max(0, total - used), used, percent, 0, 0, 0, 0, "");
        }
    }
}
