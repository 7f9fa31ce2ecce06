package io.openedge.function.manager.rule;

import io.openedge.app.InvalidValueException;
import io.openedge.mqtt.MqttSubscription;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One of {@code rules[]}. Immutable.
 *
 * @param clientId at the hub; empty: the hub section's, or one made of the service's name
 * @param subscribe what it computes
 * @param function what computes it
 * @param publish where the result goes
 * @param retry how often a message is tried
 * @param deadletter where the error message goes after the last try; absent: where the result would have gone
 * @param order whether messages of a topic are computed one after the other
 */
public record RuleConfig(
        String clientId,
        MqttSubscription subscribe,
        FunctionName function,
        Target publish,
        Retry retry,
        @Nullable Target deadletter,
        boolean order) {
    private static final Pattern FILTER = Pattern.compile("([^+#/]*|\\+)(/([^+#/]*|\\+))*(/#)?|#", Pattern.DOTALL);

    public RuleConfig {
        clientId = clientId == null ? "" : clientId;
        require("subscribe", subscribe, "topic: a topic filter");
        if (!FILTER.matcher(subscribe.topic()).matches()) {
            throw new InvalidValueException(
                    "subscribe.topic",
                    subscribe.topic(),
                    "a topic filter: + is a whole level, and # a whole level at the end");
        }
        require("function", function, "name: the name of a function");
        require("publish", publish, "topic: the topic of the result");
        retry = retry == null || retry.max() == 0 ? new Retry(3) : retry;
    }

    private static void require(String key, Object value, String allowed) {
        if (value == null) {
            throw new InvalidValueException(key, "", allowed);
        }
    }

    /** @param name of a function */
    public record FunctionName(String name) {
        public FunctionName {
            require("name", name, "the name of a function");
        }
    }

    /**
     * Where the result goes.
     *
     * @param topic without wildcards
     * @param qos at most; the message's own may be lower
     */
    public record Target(String topic, int qos) {
        public Target {
            require("topic", topic, "a topic");
            if (topic.contains("#") || topic.contains("+")) {
                throw new InvalidValueException("topic", topic, "a topic without wildcards");
            }
            if (qos < 0 || qos > 2) {
                throw new InvalidValueException("qos", qos, "0, 1 or 2");
            }
        }
    }

    /** @param max tries; 0: the default, 3 */
    public record Retry(int max) {
        public Retry {
            if (max < 0) {
                throw new InvalidValueException("max", max, "0 (the default, 3) or more");
            }
        }
    }
}
