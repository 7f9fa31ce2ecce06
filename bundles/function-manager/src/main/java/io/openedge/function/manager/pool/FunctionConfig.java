package io.openedge.function.manager.pool;

import io.openedge.app.ByteSize;
import io.openedge.app.InvalidValueException;
import io.openedge.app.Names;
import java.time.Duration;

/**
 * One of {@code functions[]}. Immutable.
 *
 * @param name as the runtime knows it
 * @param service whose instances compute it
 * @param instance how many, and for how long
 * @param message limits of messages
 * @param backoff longest wait between two tries
 * @param timeout of a call; default 30 s
 */
public record FunctionConfig(
        String name, String service, Instances instance, Message message, Backoff backoff, Duration timeout) {
    public FunctionConfig {
        Names.require("name", name);
        Names.require("service", service);
        instance = instance == null ? new Instances(0, 0, null, null) : instance;
        message = message == null ? new Message(null) : message;
        backoff = backoff == null ? new Backoff(null) : backoff;
        timeout = positive("timeout", timeout, Duration.ofSeconds(30));
    }

    private static Duration positive(String key, Duration value, Duration absent) {
        if (value == null || value.isZero()) {
            return absent;
        }
        if (value.isNegative()) {
            throw new InvalidValueException(key, value, "a duration of more than zero");
        }
        return value;
    }

    /**
     * The size of the pool.
     *
     * @param min instances that are always there, 0 to 100
     * @param max instances at most, 1 to 100; default 1, and never less than {@code min}
     * @param idletime after which an idle instance may be stopped; default 10 min
     * @param evicttime between two looks for idle instances; default 1 min
     */
    public record Instances(int min, int max, Duration idletime, Duration evicttime) {
        private static final int MOST = 100;

        public Instances {
            if (min < 0 || min > MOST) {
                throw new InvalidValueException("min", min, "0 to " + MOST);
            }
            if (max < 0 || max > MOST) {
                throw new InvalidValueException("max", max, "1 to " + MOST);
            }
            max = Math.max(Math.max(max, 1), min);
            idletime = positive("idletime", idletime, Duration.ofMinutes(10));
            evicttime = positive("evicttime", evicttime, Duration.ofMinutes(1));
        }
    }

    /** @param length of a payload */
    public record Message(Length length) {
        public Message {
            length = length == null ? new Length(null) : length;
        }
    }

    /** @param max default 4 MiB */
    public record Length(ByteSize max) {
        public Length {
            max = max == null || max.bytes() == 0 ? new ByteSize(4 << 20) : max;
        }
    }

    /** @param max default 1 min */
    public record Backoff(Duration max) {
        public Backoff {
            max = positive("max", max, Duration.ofMinutes(1));
        }
    }
}
