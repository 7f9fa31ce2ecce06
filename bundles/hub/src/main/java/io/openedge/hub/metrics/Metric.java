package io.openedge.hub.metrics;

import io.openedge.hub.session.Broker;
import io.openedge.hub.session.Drop;
import io.openedge.hub.session.Traffic;
import io.openedge.hub.store.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

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
        store(all, broker);
        for (Drop reason : Drop.values()) {
            String word = reason.name().toLowerCase(Locale.ROOT);
            long stored = reason == Drop.FULL ? broker.journal().overflowed() : 0;
            all.add(new Metric(
                    "publish/messages/dropped/" + word,
                    "messages_dropped_total",
                    "reason=\"" + word + "\"",
                    broker.counters().dropped(reason) + stored));
        }
        return all;
    }

    private static void store(List<Metric> all, Broker broker) {
        Journal journal = broker.journal();
        long micros = TimeUnit.NANOSECONDS.toMicros(journal.syncTime());
        all.add(new Metric("store/messages/count", "messages_stored", "", journal.waiting()));
        all.add(new Metric("store/sync/p99", "store_sync_p99_microseconds", "", micros));
        all.add(new Metric("store/failing", "store_failing", "", journal.failing() ? 1 : 0));
        all.add(new Metric(
                "publish/messages/dropped/expired", "messages_dropped_total", "reason=\"expired\"", journal.expired()));
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
