package io.openedge.remote.mqtt;

import io.openedge.app.InvalidValueException;
import io.openedge.mqtt.MqttSubscription;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One direction of a rule: what is taken, and under which topic it goes on. Immutable; any thread.
 *
 * @param subscriptions on the side where the messages come from; none: nothing goes this way
 * @param strip removed from the front of a topic that begins with it
 * @param prefix put before what is left
 * @param priority filters inside of the subscriptions whose messages have sessions of their own, so that they do not wait
 *     behind the others
 */
record Route(List<MqttSubscription> subscriptions, String strip, String prefix, List<String> priority) {
    private static final int MOST_BYTES = 65_535;

    Route {
        subscriptions = subscriptions == null ? List.of() : List.copyOf(subscriptions);
        strip = plain("strip", strip);
        prefix = plain("prefix", prefix);
        priority = priority == null ? List.of() : List.copyOf(priority);
        List<TopicFilter> filters = new ArrayList<>();
        for (int i = 0; i < subscriptions.size(); i++) {
            filters.add(filter(
                    "subscriptions[" + i + "].topic", subscriptions.get(i).topic()));
        }
        for (int i = 0; i < priority.size(); i++) {
            TopicFilter inner = filter("priority[" + i + "]", priority.get(i));
            if (filters.stream().noneMatch(outer -> outer.covers(inner))) {
                throw new InvalidValueException(
                        "priority[" + i + "]", priority.get(i), "a filter that one of the subscriptions covers");
            }
        }
    }

    private static String plain(String key, String text) {
        if (text == null) {
            return "";
        }
        if (text.contains("#") || text.contains("+") || text.indexOf('\0') >= 0) {
            throw new InvalidValueException(key, text, "the beginning of a topic, without wildcards");
        }
        return text;
    }

    private static TopicFilter filter(String key, String text) {
        return TopicFilter.parse(text)
                .orElseThrow(() -> new InvalidValueException(key, text, "a topic filter such as a/b, a/+/b or a/#"));
    }

    /** The topic on the other side; empty when there is none, because nothing is left or it is too long. */
    String rename(String topic) {
        String renamed = prefix + (topic.startsWith(strip) ? topic.substring(strip.length()) : topic);
        boolean tooLong =
                renamed.length() > MOST_BYTES / 3 && renamed.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES;
        return tooLong ? "" : renamed;
    }

    /**
     * What the session of a class subscribes to.
     *
     * @param number of the class: 0 has all that no other has, the others their filter of {@link #priority}
     */
    List<MqttSubscription> subscriptions(int number) {
        if (number == 0) {
            return subscriptions;
        }
        if (number > priority.size()) {
            return List.of();
        }
        String text = priority.get(number - 1);
        TopicFilter inner = filter("priority", text);
        int qos = subscriptions.stream()
                .filter(each -> filter("topic", each.topic()).covers(inner))
                .mapToInt(MqttSubscription::qos)
                .max()
                .orElseThrow();
        return List.of(new MqttSubscription(text, qos));
    }

    /** What of that belongs to the session: not what a class of a lower number, or any class for number 0, has. */
    Selection selection(int number) {
        List<String> others = number == 0 ? priority : priority.subList(0, Math.min(number - 1, priority.size()));
        return new Selection(
                subscriptions(number).stream().map(MqttSubscription::topic).toList(), others);
    }
}
