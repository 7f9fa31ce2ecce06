package io.openedge.hub;

import io.openedge.app.ByteSize;
import io.openedge.app.InvalidValueException;
import io.openedge.hub.route.TopicLimits;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The {@code limits:} section. Immutable. A number that is 0 here is one that the heap decides.
 *
 * @param topic names and filters
 * @param clientid client ids
 * @param connections clients that are connected
 * @param sessions what clients make the hub keep
 * @param retained retained messages
 */
public record LimitsConfig(
        TopicConfig topic, ClientId clientid, Connections connections, Sessions sessions, Retained retained) {
    /** All defaults. */
    public static final LimitsConfig DEFAULT = new LimitsConfig(null, null, null, null, null);

    private static final int MOST = 100_000_000;

    public LimitsConfig {
        topic = topic == null ? new TopicConfig(0, 0) : topic;
        clientid = clientid == null ? new ClientId(0, null) : clientid;
        connections = connections == null ? new Connections(0, 0, 0, null, null) : connections;
        sessions = sessions == null ? new Sessions(0, 0, 0) : sessions;
        retained = retained == null ? new Retained(0) : retained;
    }

    private static int within(String key, int value, int byDefault, int most) {
        if (value < 0 || value > most) {
            throw new InvalidValueException(key, value, "a number from 1 to " + most + ", or 0 for the default");
        }
        return value == 0 ? byDefault : value;
    }

    /**
     * @param length characters of a topic or filter; default 255
     * @param slashes in it; default 8
     */
    public record TopicConfig(int length, int slashes) {
        public TopicConfig {
            length = within("length", length, TopicLimits.DEFAULT.characters(), TopicLimits.NONE.characters());
            slashes = within("slashes", slashes, TopicLimits.DEFAULT.slashes(), 128);
        }

        /** The same for the router. */
        public TopicLimits limits() {
            return new TopicLimits(length, slashes);
        }
    }

    /**
     * @param length characters; default 128
     * @param pattern a regular expression for the whole id; default {@code [0-9A-Za-z_-]*}
     */
    public record ClientId(int length, String pattern) {
        public ClientId {
            length = within("length", length, 128, 1024);
            pattern = pattern == null || pattern.isEmpty() ? "[0-9A-Za-z_-]*" : pattern;
            try {
                Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                throw new InvalidValueException("pattern", pattern, "a regular expression: " + e.getDescription());
            }
        }
    }

    /**
     * @param max in all; 0: by the heap
     * @param address from one address; 0: as many as in all
     * @param strangers those that have not logged in; 0: a quarter of all
     * @param timeout from accept to the whole CONNECT; default 10 s, at most 10 min
     * @param packet the longest CONNECT; default 16k, at most 1m
     */
    public record Connections(int max, int address, int strangers, Duration timeout, ByteSize packet) {
        private static final Duration LONGEST = Duration.ofMinutes(10);
        private static final int LARGEST = 1 << 20;

        public Connections {
            max = within("max", max, 0, 1_000_000);
            address = within("address", address, 0, 1_000_000);
            strangers = within("strangers", strangers, 0, 1_000_000);
            timeout = timeout == null || timeout.isZero() ? Duration.ofSeconds(10) : timeout;
            if (timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
                throw new InvalidValueException("timeout", timeout, "a duration of more than zero, at most 10m");
            }
            packet = packet == null || packet.bytes() == 0 ? new ByteSize(16 * 1024) : packet;
            if (packet.bytes() > LARGEST) {
                throw new InvalidValueException("packet", packet.bytes(), "at most 1m");
            }
        }
    }

    /**
     * @param max connected clients and absent ones with a persistent session; 0: twice the connections
     * @param filters of one session; default 100000
     * @param waiting messages of QoS 1 and 2 that wait for one client; 0: any number for a persistent session, which
     *     they wait for on the disk, and 100000 for another, which they wait for in memory
     */
    public record Sessions(int max, int filters, int waiting) {
        public Sessions {
            max = within("max", max, 0, 10_000_000);
            filters = within("filters", filters, 100_000, MOST);
            waiting = within("waiting", waiting, 0, MOST);
        }
    }

    /** @param max topics with a retained message; default 100000 */
    public record Retained(int max) {
        public Retained {
            max = within("max", max, 100_000, MOST);
        }
    }
}
