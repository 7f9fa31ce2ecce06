package io.openedge.hub.route;

import io.openedge.hub.route.Route.Leg;
import io.openedge.hub.route.Route.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds who gets a message and offers it to each. Thread rule: any thread; the order of one caller is kept. */
public final class Router {
    private static final int ROUTES = 1024;

    private final FilterTrie<Subscriber> subscriptions = new FilterTrie<>();
    private final RoutingRules rules;
    /** Shared by all who publish to a topic; emptied when it is full. */
    private final Map<Topic, Route> routes = new ConcurrentHashMap<>();

    public Router(RoutingRules rules) {
        this.rules = rules;
    }

    /** From now on the subscriber gets what the filter matches. */
    public void subscribe(TopicFilter filter, Subscriber subscriber, int qos) {
        subscriptions.add(filter, subscriber, qos);
    }

    /** The end of it. */
    public void unsubscribe(TopicFilter filter, Subscriber subscriber) {
        subscriptions.remove(filter, subscriber);
    }

    /** The route of a topic: the known one when it still holds, else a new one. */
    public Route route(Topic topic, @Nullable Route known) {
        long version = subscriptions.version();
        if (known != null && known.version() == version) {
            return known;
        }
        Route shared = routes.get(topic);
        if (shared != null && shared.version() == version) {
            return shared;
        }
        if (routes.size() >= ROUTES) {
            routes.clear();
        }
        Route made = make(topic, version);
        routes.put(topic, made);
        return made;
    }

    private Route make(Topic topic, long version) {
        List<Leg> legs = new ArrayList<>();
        legs.add(leg(topic, Integer.MAX_VALUE));
        rules.reach(topic).forEach((target, limit) -> legs.add(leg(target, limit)));
        return new Route(version, List.copyOf(legs));
    }

    private Leg leg(Topic topic, int limit) {
        Target[] targets = subscriptions.match(topic).entrySet().stream()
                .map(entry -> new Target(entry.getKey(), entry.getValue()))
                .toArray(Target[]::new);
        return new Leg(topic, limit, targets);
    }

    /**
     * Offers a message to everybody on its route.
     *
     * @return a subscriber that lags behind, if one does
     */
    public @Nullable Subscriber publish(Message message, Route route) {
        Subscriber lagging = null;
        List<Leg> legs = route.legs();
        for (int i = 0; i < legs.size(); i++) {
            Leg leg = legs.get(i);
            Message here = i == 0 ? message : message.on(leg.topic(), leg.limit());
            for (Target target : leg.targets()) {
                if (!target.subscriber().deliver(here, Math.min(here.qos(), target.qos()))) {
                    lagging = target.subscriber();
                }
            }
        }
        return lagging;
    }
}
