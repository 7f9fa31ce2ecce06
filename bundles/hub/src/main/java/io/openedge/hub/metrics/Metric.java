package io.openedge.hub.metrics;

import io.openedge.hub.session.Broker;
import io.openedge.hub.session.Drop;
import io.openedge.hub.session.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A number about the hub. Immutable.
 *
 * @param topic below $SYS/broker
 * @param name for Prometheus and in the gateway's report
 * @param label for Prometheus; empty: none
 * @param value the number
 */
record Metric(String topic, String name, String label, long value) {

    /** All of them now. */
    static List<Metric> of(Broker broker, long uptimeSeconds) {
        List<Metric> all = new ArrayList<>();
        all.add(new Metric("uptime", "uptime_seconds", "", uptimeSeconds));
        all.add(new Metric(
                "clients/connected", "clients_connected", "", broker.counters().connections()));
        all.add(new Metric("clients/total", "clients", "", broker.claims().size()));
        all.add(new Metric(
                "subscriptions/count", "subscriptions", "", broker.counters().subscriptions()));
        all.add(new Metric(
                "retained messages/count",
                "retained_messages",
                "",
                broker.retained().size()));
        traffic(all, "received", broker.counters().received());
        traffic(all, "sent", broker.counters().sent());
        for (Drop reason : Drop.values()) {
            String word = reason.name().toLowerCase(Locale.ROOT);
            all.add(new Metric(
                    "publish/messages/dropped/" + word,
                    "messages_dropped_total",
                    "reason=\"" + word + "\"",
                    broker.counters().dropped(reason)));
        }
        return all;
    }

    private static void traffic(List<Metric> all, String direction, Traffic traffic) {
        for (int qos = 0; qos <= 2; qos++) {
            all.add(new Metric(
                    "publish/messages/" + direction + "/qos" + qos,
                    "messages_" + direction + "_total",
                    "qos=\"" + qos + "\"",
                    traffic.messages(qos)));
        }
        all.add(new Metric("publish/bytes/" + direction, "bytes_" + direction + "_total", "", traffic.bytes()));
    }

    /** The key of a report: the name with its label's value. */
    String key() {
        String plain = name.replace("_total", "");
        return label.isEmpty() ? plain : plain + "_" + label.replaceAll("\"|reason=|=", "");
    }
}
