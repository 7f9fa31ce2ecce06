package io.openedge.host;

import io.openedge.engine.InstanceStats;
import io.openedge.system.Hardware;
import io.openedge.system.HostStats;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the host on a thread of its own, first shortly after the start, so that the start is not slowed, and then at
 * each period. Whoever asks gets the last sample from memory.
 *
 * <p>Framework properties: {@code openedge.workdir}, whose disk is looked at; {@code openedge.host.period}, default 5.
 * Unit: seconds.
 */
@Component
public final class HostComponent implements HostStats {
    private static final Logger LOG = LoggerFactory.getLogger(HostComponent.class);
    private static final String WORK_DIRECTORY = "openedge.workdir";
    private static final String PERIOD = "openedge.host.period";
    private static final Duration DEFAULT_PERIOD = Duration.ofSeconds(5);
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final int STOP_SECONDS = 5;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "openedge-host");
        created.setDaemon(true);
        return created;
    });
    private final AtomicReference<Sample> last = new AtomicReference<>(Sample.NONE);

    /** What was seen at one moment. */
    private record Sample(Hardware hardware, Processes processes) {
        static final Sample NONE = new Sample(Hardware.UNKNOWN, Processes.NONE);
    }

    @Activate
    public HostComponent(BundleContext context) {
        this(
                Path.of(text(context, WORK_DIRECTORY, "")).toAbsolutePath(),
                text(context, "PATH", System.getenv().getOrDefault("PATH", "")),
                FIRST,
                period(text(context, PERIOD, "")));
    }

    /**
     * @param workDirectory whose file system is looked at
     * @param searchPath where nvidia-smi may be
     * @param first when the first sample is taken
     * @param period between two samples
     */
    HostComponent(Path workDirectory, String searchPath, Duration first, Duration period) {
        Sampling sampling = new Sampling(workDirectory, searchPath);
        thread.scheduleWithFixedDelay(() -> sample(sampling), first.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static String text(BundleContext context, String property, String otherwise) {
        String value = context.getProperty(property);
        return value == null ? otherwise : value;
    }

    private static Duration period(String seconds) {
        if (seconds.isEmpty()) {
            return DEFAULT_PERIOD;
        }
        if (!seconds.matches("[1-9]\\d{0,4}")) {
            LOG.warn("{}={} is not allowed; allowed: seconds, 1 to 99999", PERIOD, seconds);
            return DEFAULT_PERIOD;
        }
        return Duration.ofSeconds(Integer.parseInt(seconds));
    }

    private void sample(Sampling sampling) {
        try {
            Processes processes = last.get().processes().next();
            last.set(new Sample(sampling.hardware(Instant.now()), processes));
            last.set(new Sample(sampling.withGpus(last.get().hardware(), Instant.now()), processes));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // the next sample is tried all the same
            LOG.warn("the host could not be looked at", e);
        }
    }

    @Override
    public Hardware hardware() {
        return last.get().hardware();
    }

    @Override
    public InstanceStats process(long pid) {
        Sample sample = last.get();
        return sample.processes().stats(pid, sample.hardware().memStats().total());
    }

    /** Returns when nothing looks any more; a program that is asked is ended. */
    @Deactivate
    void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a look at the host hangs and is left behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
