package io.openedge.timer;

import io.openedge.app.InvalidValueException;
import io.openedge.config.LoggerConfig;
import io.openedge.mqtt.MqttClientConfig;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The configuration of a timer. Immutable.
 *
 * @param hub where it publishes
 * @param timer when
 * @param publish what
 * @param logger of the instance
 */
public record TimerConfig(MqttClientConfig hub, Timer timer, Publish publish, LoggerConfig logger) {
    public TimerConfig {
        if (hub == null) {
            throw new InvalidValueException("hub", "", "address: the hub's address");
        }
        if (publish == null) {
            throw new InvalidValueException("publish", "", "topic: the topic of the messages");
        }
        timer = timer == null ? new Timer(null) : timer;
        logger = logger == null ? LoggerConfig.DEFAULT : logger;
    }

    /** @param interval between two messages; default 1 min */
    public record Timer(Duration interval) {
        public Timer {
            interval = interval == null ? Duration.ofMinutes(1) : interval;
            if (interval.isNegative()) {
                throw new InvalidValueException("interval", interval, "a duration such as 10s");
            }
        }
    }

    /**
     * What is published.
     *
     * @param topic without wildcards
     * @param qos 0, 1 or 2
     * @param payload free content in the order of the file; the time is added to it
     */
    public record Publish(String topic, int qos, Map<String, Object> payload) {
        public Publish {
            if (topic == null) {
                throw new InvalidValueException("topic", "", "a topic");
            }
            if (topic.contains("#") || topic.contains("+")) {
                throw new InvalidValueException("topic", topic, "a topic without wildcards");
            }
            if (qos < 0 || qos > 2) {
                throw new InvalidValueException("qos", qos, "0, 1 or 2");
            }
            payload = payload == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(payload));
        }
    }
}
