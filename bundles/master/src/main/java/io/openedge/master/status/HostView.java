package io.openedge.master.status;

import io.openedge.engine.InstanceStats;
import io.openedge.system.Hardware;
import io.openedge.system.HostStats;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host as far as somebody looks at it: without that service, and when it fails, nothing is known. Any thread. */
public final class HostView implements HostStats {
    private static final Logger LOG = LoggerFactory.getLogger(HostView.class);

    private final AtomicReference<@Nullable HostStats> service = new AtomicReference<>();

    /** Somebody looks at the host from now on. */
    public void set(HostStats stats) {
        service.set(stats);
    }

    /** That one looks no more. */
    public void unset(HostStats stats) {
        service.compareAndSet(stats, null);
    }

    @Override
    public Hardware hardware() {
        HostStats stats = service.get();
        try {
            return stats == null ? Hardware.UNKNOWN : stats.hardware();
        } catch (RuntimeException e) {
            LOG.warn("the host could not be looked at: {}", e.toString());
            return Hardware.UNKNOWN;
        }
    }

    @Override
    public InstanceStats process(long pid) {
        HostStats stats = service.get();
        try {
            return stats == null ? InstanceStats.UNKNOWN : stats.process(pid);
        } catch (RuntimeException e) {
            LOG.warn("process {} could not be looked at: {}", pid, e.toString());
            return InstanceStats.UNKNOWN;
        }
    }
}
