package io.openedge.hub;

import io.openedge.app.ByteSize;
import io.openedge.app.InvalidValueException;
import java.time.Duration;

/**
 * The {@code message:} section. Immutable.
 *
 * @param length of a packet
 * @param ingress from publishers
 * @param egress to subscribers
 * @param offset of a durable store; read, not used yet
 */
public record MessageConfig(Length length, Ingress ingress, Egress egress, Offset offset) {
    /** All defaults. */
    public static final MessageConfig DEFAULT = new MessageConfig(null, null, null, null);

    /** The longest packet that MQTT knows. Unit: bytes. */
    public static final int LONGEST_PACKET = 268_435_455;

    public MessageConfig {
        length = length == null ? new Length(null) : length;
        ingress = ingress == null ? new Ingress(null, null) : ingress;
        egress = egress == null ? new Egress(null, null) : egress;
        offset = offset == null ? new Offset(null, null) : offset;
    }

    private static Duration positive(String key, Duration value, Duration byDefault) {
        Duration duration = value == null || value.isZero() ? byDefault : value;
        if (duration.isNegative()) {
            throw new InvalidValueException(key, value, "a duration of more than zero");
        }
        return duration;
    }

    /** @param max the longest packet, without its fixed header; default 32k */
    public record Length(ByteSize max) {
        public Length {
            max = max == null || max.bytes() == 0 ? new ByteSize(32 * 1024) : max;
            if (max.bytes() > LONGEST_PACKET) {
                throw new InvalidValueException("max", max.bytes(), "at most " + LONGEST_PACKET + " bytes");
            }
        }
    }

    /**
     * @param qos0 messages between a publisher's loop and a subscriber's; default 10000
     * @param qos1 messages of a publisher that are not safe yet; default 100
     */
    public record Ingress(IngressQos0 qos0, IngressQos1 qos1) {
        public Ingress {
            qos0 = qos0 == null ? new IngressQos0(null) : qos0;
            qos1 = qos1 == null ? new IngressQos1(null, null, null) : qos1;
        }
    }

    /** @param buffer default 10000 */
    public record IngressQos0(Buffer buffer) {
        public IngressQos0 {
            buffer = orDefault(buffer, 10_000);
        }
    }

    /**
     * @param buffer default 100
     * @param batch default 50
     * @param cleanup of a durable store; read, not used yet
     */
    public record IngressQos1(Buffer buffer, Batch batch, Cleanup cleanup) {
        public IngressQos1 {
            buffer = orDefault(buffer, 100);
            batch = orDefault(batch, 50);
            cleanup = cleanup == null ? new Cleanup(null, null) : cleanup;
        }
    }

    /**
     * @param retention how long messages are kept; default 48 h
     * @param interval how often old ones are looked for; default 1 min
     */
    public record Cleanup(Duration retention, Duration interval) {
        public Cleanup {
            retention = positive("retention", retention, Duration.ofHours(48));
            interval = positive("interval", interval, Duration.ofMinutes(1));
        }
    }

    /**
     * @param qos0 messages that wait for a slow subscriber; default 10000
     * @param qos1 messages in flight to a subscriber; default 100
     */
    public record Egress(EgressQos0 qos0, EgressQos1 qos1) {
        public Egress {
            qos0 = qos0 == null ? new EgressQos0(null) : qos0;
            qos1 = qos1 == null ? new EgressQos1(null, null, null) : qos1;
        }
    }

    /** @param buffer default 10000; a full one drops the new message */
    public record EgressQos0(Buffer buffer) {
        public EgressQos0 {
            buffer = orDefault(buffer, 10_000);
        }
    }

    /**
     * @param buffer default 100, at most 65535
     * @param batch default 50
     * @param retry read, not used: what was not acknowledged is sent again when the client reconnects
     */
    public record EgressQos1(Buffer buffer, Batch batch, Retry retry) {
        public EgressQos1 {
            buffer = orDefault(buffer, 100);
            if (buffer.size() > 65_535) {
                throw new InvalidValueException("buffer.size", buffer.size(), "at most 65535");
            }
            batch = orDefault(batch, 50);
            retry = retry == null ? new Retry(null) : retry;
        }
    }

    /** @param interval default 20 s */
    public record Retry(Duration interval) {
        public Retry {
            interval = positive("interval", interval, Duration.ofSeconds(20));
        }
    }

    /**
     * @param buffer default 10000
     * @param batch default 100
     */
    public record Offset(Buffer buffer, Batch batch) {
        public Offset {
            buffer = orDefault(buffer, 10_000);
            batch = orDefault(batch, 100);
        }
    }

    /** @param size in messages; zero: the default */
    public record Buffer(int size) {
        public Buffer {
            if (size < 0) {
                throw new InvalidValueException("size", size, "0 (the default) or more");
            }
        }
    }

    /** @param max in messages; zero: the default */
    public record Batch(int max) {
        public Batch {
            if (max < 0) {
                throw new InvalidValueException("max", max, "0 (the default) or more");
            }
        }
    }

    private static Buffer orDefault(Buffer buffer, int size) {
        return buffer == null || buffer.size() == 0 ? new Buffer(size) : buffer;
    }

    private static Batch orDefault(Batch batch, int max) {
        return batch == null || batch.max() == 0 ? new Batch(max) : batch;
    }
}
