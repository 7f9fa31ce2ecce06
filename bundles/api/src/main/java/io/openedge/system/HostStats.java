package io.openedge.system;

import io.openedge.engine.InstanceStats;

/** Looks at the host. Thread rule: any thread; answers at once with the last sample. */
public interface HostStats {
    /** The host as it was sampled last. */
    Hardware hardware();

    /** What a process tree uses; {@link InstanceStats#UNKNOWN} when there is none. */
    InstanceStats process(long pid);
}
