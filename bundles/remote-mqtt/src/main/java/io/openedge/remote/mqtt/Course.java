package io.openedge.remote.mqtt;

import io.openedge.mqtt.MqttMessage;
import java.util.List;

/**
 * What a flow takes, under which topic it goes on, and who hears it there. Thread rule: the selection is for the thread of
 * the session that messages come from, the rest for any.
 *
 * @param selection what of the session's messages is meant
 * @param hearers of the sessions that hear what is published on the other side, and would bring it back
 * @param yieldsRetained whether a retained message is left where it is when its topic goes the other way as well: else the
 *     two sides would exchange their retained messages at each start, an old one for a new one
 */
record Course(Route route, Selection selection, List<Echoes> hearers, boolean yieldsRetained) {
    /** The message as it is published on the other side, with an empty topic when it has none there. */
    MqttMessage renamed(MqttMessage message) {
        String topic = route.rename(message.topic());
        return topic.equals(message.topic())
                ? message
                : new MqttMessage(topic, message.payload(), message.qos(), message.retain());
    }

    /** The message is about to be published on the other side. */
    void announce(MqttMessage renamed) {
        for (Echoes hearer : hearers) {
            hearer.expect(renamed);
        }
    }

    /** It was not published after all. */
    void retract(MqttMessage renamed) {
        for (Echoes hearer : hearers) {
            hearer.retract(renamed);
        }
    }

    /** Whether echoes of what was published are still to come. */
    boolean awaitsEchoes() {
        return hearers.stream().anyMatch(Echoes::awaited);
    }

    boolean stays(MqttMessage renamed) {
        return yieldsRetained && renamed.retain() && hearers.stream().anyMatch(hearer -> hearer.cover(renamed.topic()));
    }
}
