package io.openedge.hub.auth;

import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicLimits;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Somebody who logged in, with what they may do. Immutable; any thread.
 *
 * @param name the username
 * @param since when the password was set, as a count of configurations
 * @param publish filters of topics they may publish to
 * @param subscribe filters that cover what they may subscribe to
 */
public record Principal(String name, long since, List<TopicFilter> publish, List<TopicFilter> subscribe) {
    private static final String USERNAME = "%u";
    private static final String CLIENT_ID = "%c";
    private static final Pattern PLACE = Pattern.compile(USERNAME + "|" + CLIENT_ID);
    private static final Pattern OF_MANY = Pattern.compile("[+#/\\x00]");

    public Principal {
        publish = List.copyOf(publish);
        subscribe = List.copyOf(subscribe);
    }

    /**
     * The same, logged in with a client id: {@code %u} and {@code %c} in permits become username and client id. A name
     * with a wildcard or a separator is part of no topic: such a permit grants nothing.
     */
    public Principal as(String clientId) {
        return personal(publish) || personal(subscribe)
                ? new Principal(name, since, filled(publish, clientId), filled(subscribe, clientId))
                : this;
    }

    /** Asked at every login, so without a stream. */
    private static boolean personal(List<TopicFilter> permits) {
        for (TopicFilter permit : permits) {
            if (permit.text().contains(USERNAME) || permit.text().contains(CLIENT_ID)) {
                return true;
            }
        }
        return false;
    }

    private List<TopicFilter> filled(List<TopicFilter> permits, String clientId) {
        return permits.stream().flatMap(permit -> filled(permit, clientId)).toList();
    }

    private Stream<TopicFilter> filled(TopicFilter permit, String clientId) {
        String text = permit.text();
        boolean user = text.contains(USERNAME);
        boolean client = text.contains(CLIENT_ID);
        if (!user && !client) {
            return Stream.of(permit);
        }
        if (user && OF_MANY.matcher(name).find()
                || client && OF_MANY.matcher(clientId).find()) {
            return Stream.empty();
        }
        String filled = PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(place.group().equals(USERNAME) ? name : clientId));
        boolean madeReserved = filled.startsWith("$") && !text.startsWith("$");
        return madeReserved ? Stream.empty() : TopicFilter.parse(filled, TopicLimits.NONE).stream();
    }

    /** True when a message may be published to the topic. Topics that belong to the hub are never free. */
    public boolean mayPublish(Topic topic) {
        return !topic.reserved() && publish.stream().anyMatch(permit -> permit.matches(topic));
    }

    /** True when a subscription to the topic itself would be granted. */
    public boolean mayRead(Topic topic) {
        return subscribe.stream().anyMatch(permit -> permit.matches(topic));
    }

    /** True when one permit covers every topic that the filter matches. */
    public boolean maySubscribe(TopicFilter filter) {
        return subscribe.stream().anyMatch(permit -> permit.covers(filter));
    }
}
