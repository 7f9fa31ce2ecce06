package io.openedge.hub.metrics;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicLimits;
import io.openedge.hub.session.Broker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Publishes the hub's numbers as retained messages below {@code $SYS/broker} and reports them to the gateway, at once and
 * then every interval, on a thread of its own. Whoever makes it closes it.
 */
public final class Reporter implements AutoCloseable {
    private static final String ROOT = "$SYS/broker/";

    private final Broker broker;
    private final String version;
    private final Consumer<Map<String, Object>> gateway;
    private final ScheduledExecutorService thread;
    private final long started = System.nanoTime();
    private boolean refused;

    /**
     * @param name of the thread
     * @param gateway takes a report
     */
    public Reporter(
            Broker broker, String name, String version, Duration interval, Consumer<Map<String, Object>> gateway) {
        this.broker = broker;
        this.version = version;
        this.gateway = gateway;
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, name + "-metrics");
            made.setDaemon(true);
            return made;
        });
        thread.scheduleAtFixedRate(this::report, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void report() {
        long uptime = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
        Map<String, Object> values = new LinkedHashMap<>();
        try {
            publish("version", "openedge-hub " + version);
            for (Metric metric : Metric.of(broker, uptime)) {
                publish(metric.topic(), String.valueOf(metric.value()));
                values.put(metric.key(), metric.value());
            }
            gateway.accept(Map.of("hub", values));
            refused = false;
        } catch (RuntimeException e) {
            if (!refused) {
                broker.log().warn("the hub's numbers could not be reported: {}", e.toString());
            }
            refused = true;
        }
    }

    private void publish(String name, String value) {
        Topic topic = Topic.parse(ROOT + name, TopicLimits.NONE).orElseThrow();
        Message message = new Message(topic, value.getBytes(StandardCharsets.UTF_8), 0);
        broker.retained().put(message);
        broker.router().publish(message, broker.router().route(topic, null), 0);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
