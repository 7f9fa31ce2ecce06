package io.openedge.timer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttMessage;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A timer at work. At most one message is on its way: while the hub is away or has not acknowledged the one before,
 * messages are left out, so that nothing piles up and none arrives late.
 *
 * <p>Thread rule: one thread owns the state; {@link #close()} from any thread.
 */
final class TimerInstance implements ModuleInstance {
    private final ModuleContext context;
    private final TimerConfig.Publish what;
    private final MqttClient hub;
    private final ScheduledExecutorService thread;
    private final InstantSource clock;
    private final ObjectMapper json = new ObjectMapper();
    private boolean onItsWay;
    private boolean failing;

    private TimerInstance(
            ModuleContext context,
            TimerConfig.Publish what,
            MqttClient hub,
            ScheduledExecutorService thread,
            InstantSource clock) {
        this.context = context;
        this.what = what;
        this.hub = hub;
        this.thread = thread;
        this.clock = clock;
    }

    /** The first message goes out after one interval. */
    static TimerInstance start(
            ModuleContext context,
            TimerConfig config,
            MqttClient hub,
            ScheduledExecutorService thread,
            InstantSource clock) {
        TimerInstance instance = new TimerInstance(context, config.publish(), hub, thread, clock);
        long nanos = config.timer().interval().toNanos();
        thread.scheduleAtFixedRate(instance::tick, nanos, nanos, TimeUnit.NANOSECONDS);
        return instance;
    }

    private void tick() {
        try {
            publish();
        } catch (RuntimeException e) {
            context.fail(e);
        }
    }

    private void publish() {
        if (!hub.connected()) {
            failed("no connection to the hub");
        } else if (onItsWay) {
            failed("the hub has not acknowledged the one before");
        } else {
            onItsWay = true;
            MqttMessage message = new MqttMessage(what.topic(), payload(), what.qos(), false);
            hub.publish(message).whenCompleteAsync((none, error) -> published(error), thread);
        }
    }

    private byte[] payload() {
        Map<String, Object> content = new LinkedHashMap<>(what.payload());
        content.put("time", clock.instant().getEpochSecond());
        try {
            return json.writeValueAsBytes(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what a YAML file holds is always writable", e);
        }
    }

    private void published(Throwable error) {
        onItsWay = false;
        if (error != null) {
            failed(error.getMessage());
        } else if (failing) {
            failing = false;
            context.logger().info("Messages on {} go out again", what.topic());
        }
    }

    /** Says it once, until messages go out again. */
    private void failed(String reason) {
        if (!failing) {
            failing = true;
            context.logger().warn("Messages on {} are left out: {}", what.topic(), reason);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        hub.close();
    }
}
