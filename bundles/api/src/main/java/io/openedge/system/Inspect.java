package io.openedge.system;

import java.time.Instant;
import java.util.List;

/**
 * What the gateway is and what runs on it: one consistent look. Immutable. Values that are empty or zero are left out of
 * its JSON form, whose keys are the component names in snake case.
 *
 * @param error what is wrong with the gateway or its application; empty: nothing
 * @param time of the look
 * @param software of the gateway
 * @param hardware of the host
 * @param services of the application, in its order
 * @param volumes of the application
 * @param update that runs; {@link UpdateProgress#NONE} when none does
 */
public record Inspect(
        String error,
        Instant time,
        Software software,
        Hardware hardware,
        List<ServiceStatus> services,
        List<VolumeStatus> volumes,
        UpdateProgress update) {
    public Inspect {
        services = List.copyOf(services);
        volumes = List.copyOf(volumes);
    }

    /** While no update runs. */
    public Inspect(
            String error,
            Instant time,
            Software software,
            Hardware hardware,
            List<ServiceStatus> services,
            List<VolumeStatus> volumes) {
        this(error, time, software, hardware, services, volumes, UpdateProgress.NONE);
    }
}
