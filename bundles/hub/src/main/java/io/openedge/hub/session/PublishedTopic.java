package io.openedge.hub.session;

import io.openedge.hub.auth.Principal;
import io.openedge.hub.route.Route;
import io.openedge.hub.route.Router;
import io.openedge.hub.route.Topic;
import org.jspecify.annotations.Nullable;

/**
 * A topic as one connection publishes to it: decoded, checked and matched once for many messages. Owned by the
 * connection's loop.
 */
public final class PublishedTopic {
    private final Topic topic;
    private @Nullable Boolean permitted;
    private @Nullable Route route;

    public PublishedTopic(Topic topic) {
        this.topic = topic;
    }

    Topic topic() {
        return topic;
    }

    boolean permitted(Principal principal) {
        Boolean known = permitted;
        if (known == null) {
            known = principal.mayPublish(topic);
            permitted = known;
        }
        return known;
    }

    Route route(Router router) {
        Route current = router.route(topic, route);
        route = current;
        return current;
    }
}
