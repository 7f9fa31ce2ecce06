package io.openedge.hub.route;

import java.util.List;

/**
 * Where messages of one topic go: to the subscribers of the topic, then to those of the topics that rules lead to.
 * Immutable.
 *
 * @param version of the subscriptions it was made from
 * @param legs the first is the topic itself
 * @param kept whether messages are kept for one of the subscribers
 */
public record Route(long version, List<Leg> legs, boolean kept) {

    /**
     * One topic on the way.
     *
     * @param topic as delivered
     * @param limit the highest QoS that gets this far
     * @param targets subscribers, each once
     */
    public record Leg(Topic topic, int limit, Target[] targets) {}

    /**
     * A subscriber with the QoS it asked for.
     *
     * @param subscriber who
     * @param qos the highest it gets
     */
    public record Target(Subscriber subscriber, int qos) {}
}
