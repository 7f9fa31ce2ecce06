package io.openedge.hub.metrics;

import io.openedge.hub.session.Broker;
import java.util.HashSet;
import java.util.Set;

/** The hub's numbers in the text format of Prometheus. Stateless. */
final class Exposition {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String PREFIX = "openedge_hub_";

    private Exposition() {}

    static String of(Broker broker, long uptimeSeconds) {
        StringBuilder text = new StringBuilder();
        Set<String> typed = new HashSet<>();
        for (Metric metric : Metric.of(broker, uptimeSeconds)) {
            if (typed.add(metric.name())) {
                text.append("# TYPE ").append(PREFIX).append(metric.name());
                text.append(metric.name().endsWith("_total") ? " counter\n" : " gauge\n");
            }
            text.append(PREFIX).append(metric.name());
            if (!metric.label().isEmpty()) {
                text.append('{').append(metric.label()).append('}');
            }
            text.append(' ').append(metric.value()).append('\n');
        }
        return text.toString();
    }
}
