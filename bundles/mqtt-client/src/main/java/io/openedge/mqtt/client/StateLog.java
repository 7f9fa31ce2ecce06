package io.openedge.mqtt.client;

import io.openedge.mqtt.MqttVersion;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Says changes of the connection's state, not every try: a failure once, and again when its reason changes or a minute
 * has passed. Thread rule: the connection's thread.
 */
final class StateLog {
    private static final long REPEAT_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger logger;
    private final String where;
    private final LongSupplier nanoTime;
    private final BooleanSupplier stopping;
    private String lastReason = "";
    private String lastTerms = "";
    private long lastNanos;

    /** @param stopping whether the user is being stopped, and maybe the broker with it */
    StateLog(Logger logger, String where, LongSupplier nanoTime, BooleanSupplier stopping) {
        this.stopping = stopping;
        this.logger = logger;
        this.where = where;
        this.nanoTime = nanoTime;
    }

    /**
     * @param limits what the broker does not take; empty: it takes all
     * @param sessionLife how long it keeps the session, if not as it was asked to. Unit: seconds
     */
    void connected(MqttVersion version, String limits, OptionalLong sessionLife) {
        lastReason = "";
        logger.info("Connected to {} with MQTT {}", where, version);
        String terms = limits + sessionLife;
        if (terms.equals(lastTerms)) {
            return;
        }
        lastTerms = terms;
        if (!limits.isEmpty()) {
            logger.warn("{} takes {}: messages are published without", where, limits);
        }
        sessionLife.ifPresent(seconds ->
                logger.warn("{} keeps the session for {} s without a connection, no longer", where, seconds));
    }

    void lost(String reason) {
        if (stopping.getAsBoolean()) {
            logger.debug("Connection to {} lost: {}", where, reason);
        } else {
            logger.warn("Connection to {} lost: {}", where, reason);
        }
    }

    void failed(String reason) {
        if (stopping.getAsBoolean()) {
            logger.debug("No connection to {}: {}", where, reason);
            return;
        }
        long now = nanoTime.getAsLong();
        if (!reason.equals(lastReason) || now - lastNanos >= REPEAT_NANOS) {
            lastReason = reason;
            lastNanos = now;
            logger.warn("No connection to {}: {}; it is tried again", where, reason);
        }
    }

    void refused(String filters) {
        logger.warn("{} refuses to subscribe to {}", where, filters);
    }

    void handlerFailed(Throwable failure) {
        logger.error("A message or a change of the connection to {} was not handled", where, failure);
    }

    void closed() {
        logger.info("Disconnected from {}", where);
    }
}
