package io.openedge.mqtt.client;

import java.time.Duration;
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
    private long lastNanos;

    /** @param stopping whether the user is being stopped, and maybe the broker with it */
    StateLog(Logger logger, String where, LongSupplier nanoTime, BooleanSupplier stopping) {
        this.stopping = stopping;
        this.logger = logger;
        this.where = where;
        this.nanoTime = nanoTime;
    }

    void connected() {
        lastReason = "";
        logger.info("Connected to {}", where);
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
