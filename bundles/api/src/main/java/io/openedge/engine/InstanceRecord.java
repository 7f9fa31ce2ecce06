package io.openedge.engine;

import java.time.Instant;

/**
 * What finds a run of an instance again after a crash of the gateway; kept in application.stats. Immutable.
 *
 * @param service name of the service
 * @param name name of the instance
 * @param place where it runs
 * @param started when this run began
 * @param bootId of the host's kernel at that time; empty where there is none
 */
public record InstanceRecord(String service, String name, Place place, Instant started, String bootId) {

    /** Where an instance runs. */
    public sealed interface Place {}

    /**
     * A process of the host.
     *
     * @param id process id
     * @param name of its program
     */
    public record Process(long id, String name) implements Place {}

    /**
     * A container.
     *
     * @param id as the daemon gave it
     * @param name of the container
     */
    public record Container(String id, String name) implements Place {}

    /** The framework itself: it ends with the gateway and leaves nothing to find. */
    public record Framework() implements Place {}
}
