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
    private @Nullable Principal asked;
    private boolean permitted;
    private @Nullable Route route;

    public PublishedTopic(Topic topic) {
        this.topic = topic;
    }

    Topic topic() {
        return topic;
    }

    boolean permitted(Principal principal) {
        if (asked != principal) {
            permitted = principal.mayPublish(topic);
            asked = principal;
        }
        return permitted;
    }

    Route route(Router router) {
        Route current = router.route(topic, route);
        route = current;
        return current;
    }
}
