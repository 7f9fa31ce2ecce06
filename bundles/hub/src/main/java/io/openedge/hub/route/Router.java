package io.openedge.hub.route;

import io.openedge.hub.route.Route.Leg;
import io.openedge.hub.route.Route.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
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
        boolean kept = legs.stream()
                .flatMap(leg -> Arrays.stream(leg.targets()))
                .anyMatch(target -> target.subscriber().kept() != 0);
        return new Route(version, List.copyOf(legs), kept);
    }

    private Leg leg(Topic topic, int limit) {
        Target[] targets = subscriptions.match(topic).entrySet().stream()
                .map(entry -> new Target(entry.getKey(), entry.getValue()))
                .toArray(Target[]::new);
        return new Leg(topic, limit, targets);
    }

    /** Offers a message to those who have subscribed to its topic since its route was made. */
    public void publishToNew(Message message, Route before, Route now) {
        if (now.version() == before.version()) {
            return;
        }
        Set<Subscriber> known = Arrays.stream(before.legs().get(0).targets())
                .map(Target::subscriber)
                .collect(Collectors.toSet());
        for (Target target : now.legs().get(0).targets()) {
            if (!known.contains(target.subscriber())) {
                target.subscriber().deliver(message, Math.min(message.qos(), target.qos()), 0);
            }
        }
    }

    /**
     * Offers a message to everybody on its route.
     *
     * @param ref where its first leg is stored; 0: it is not
     * @return a subscriber that lags behind, if one does
     */
    public @Nullable Subscriber publish(Message message, Route route, long ref) {
        Subscriber lagging = null;
        List<Leg> legs = route.legs();
        for (int i = 0; i < legs.size(); i++) {
            Leg leg = legs.get(i);
            Message here = i == 0 ? message : message.on(leg.topic(), leg.limit());
            for (Target target : leg.targets()) {
                if (!target.subscriber().deliver(here, Math.min(here.qos(), target.qos()), ref == 0 ? 0 : ref + i)) {
                    lagging = target.subscriber();
                }
            }
        }
        return lagging;
    }
}
