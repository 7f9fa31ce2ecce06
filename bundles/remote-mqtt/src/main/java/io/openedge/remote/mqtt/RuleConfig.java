package io.openedge.remote.mqtt;

import io.openedge.app.InvalidValueException;
import io.openedge.mqtt.MqttSubscription;
import java.util.List;

/**
 * A rule: what the hub delivers goes to the remote, and the other way round. Immutable.
 *
 * @param hub the side of the hub
 * @param remote the other side
 */
public record RuleConfig(Hub hub, Remote remote) {
    public RuleConfig {
        hub = hub == null ? new Hub(null, null, null, null, null) : hub;
        if (remote == null) {
            throw new InvalidValueException("remote", "", "name: one of the remotes");
        }
        if (hub.subscriptions().isEmpty() && remote.subscriptions().isEmpty()) {
            throw new InvalidValueException("hub.subscriptions", "", "a subscription here or in remote.subscriptions");
        }
    }

    /** The number of its highest priority class; 0: it has none. */
    int classes() {
        return Math.max(hub.priority().size(), remote.priority().size());
    }

    /**
     * @param clientId empty: as on the other side
     * @param subscriptions what goes to the remote
     * @param strip removed from the front of its topics
     * @param prefix put before them
     * @param priority filters of what does not wait behind the rest
     */
    public record Hub(
            String clientId, List<MqttSubscription> subscriptions, String strip, String prefix, List<String> priority) {
        public Hub {
            clientId = clientId == null ? "" : clientId;
            Route checked = new Route(subscriptions, strip, prefix, priority);
            subscriptions = checked.subscriptions();
            priority = checked.priority();
        }

        Route route() {
            return new Route(subscriptions, strip, prefix, priority);
        }
    }

    /**
     * @param name of the remote
     * @param clientId empty: the remote's
     * @param subscriptions what comes to the hub
     * @param strip removed from the front of its topics
     * @param prefix put before them
     * @param priority filters of what does not wait behind the rest
     */
    public record Remote(
            String name,
            String clientId,
            List<MqttSubscription> subscriptions,
            String strip,
            String prefix,
            List<String> priority) {
        public Remote {
            if (name == null) {
                throw new InvalidValueException("name", "", "the name of a remote");
            }
            clientId = clientId == null ? "" : clientId;
            Route checked = new Route(subscriptions, strip, prefix, priority);
            subscriptions = checked.subscriptions();
            priority = checked.priority();
        }

        Route route() {
            return new Route(subscriptions, strip, prefix, priority);
        }
    }
}
