package io.openedge.hub.auth;

import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicFilter;
import java.util.List;

/**
 * Somebody who logged in, with what they may do. Immutable; any thread.
 *
 * @param name the username
 * @param publish filters of topics they may publish to
 * @param subscribe filters that cover what they may subscribe to
 */
public record Principal(String name, List<TopicFilter> publish, List<TopicFilter> subscribe) {
    public Principal {
        publish = List.copyOf(publish);
        subscribe = List.copyOf(subscribe);
    }

    /** True when a message may be published to the topic. Topics that belong to the hub are never free. */
    public boolean mayPublish(Topic topic) {
        return !topic.reserved() && publish.stream().anyMatch(permit -> permit.matches(topic));
    }

    /** True when one permit covers every topic that the filter matches. */
    public boolean maySubscribe(TopicFilter filter) {
        return subscribe.stream().anyMatch(permit -> permit.covers(filter));
    }
}
