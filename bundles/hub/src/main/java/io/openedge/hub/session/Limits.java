package io.openedge.hub.session;

import io.openedge.hub.LimitsConfig;
import io.openedge.hub.MessageConfig;
import io.openedge.hub.route.TopicLimits;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How much of everything. Immutable.
 *
 * @param topics how long they may be
 * @param connectTimeout from accept to the whole CONNECT
 * @param connectPacket the longest CONNECT. Unit: bytes after the fixed header
 * @param packet the longest other packet. Unit: bytes after the fixed header
 * @param inbox messages between two loops from which on a publisher waits
 * @param inboxBytes the same as a weight. Unit: bytes
 * @param unsafe messages of one publisher that the store has not finished
 * @param waitingQos0 messages that wait for a slow subscriber
 * @param window messages sent to a subscriber that it has not acknowledged
 * @param windowBytes the same as a weight; a single one may be larger. Unit: bytes
 * @param waitingQos1 messages that wait for a slow or absent subscriber
 * @param waitingBytes what the waiting messages of one session may weigh
 * @param retained topics with a retained message
 * @param connections clients that are connected
 * @param strangers those of them that have not logged in
 * @param sessions clients that are connected, and absent ones with a persistent session
 * @param byAddress connections from one address
 * @param filters of one session
 * @param clientIds which client ids are allowed
 */
public record Limits(
        TopicLimits topics,
        Duration connectTimeout,
        int connectPacket,
        int packet,
        int inbox,
        long inboxBytes,
        int unsafe,
        int waitingQos0,
        int window,
        long windowBytes,
        int waitingQos1,
        long waitingBytes,
        int retained,
        int connections,
        int strangers,
        int sessions,
        int byAddress,
        int filters,
        ClientIds clientIds) {
    /** A window, and what is between two loops, is that part of what one session may have. */
    private static final int PART = 4;

    /** One connection for so much of a session's memory, that is for 24 KiB of the heap: an idle one takes 7. */
    private static final int CONNECTION = 1536;

    private static final int LEAST_CONNECTIONS = 1_000;
    private static final int MOST_CONNECTIONS = 20_000;
    private static final int STRANGERS = 4;
    private static final int WAITING = 100_000;

    /**
     * Which client ids are allowed.
     *
     * @param length characters
     * @param pattern of the whole id
     */
    public record ClientIds(int length, Pattern pattern) {
        boolean allow(String clientId) {
            return clientId.length() <= length && pattern.matcher(clientId).matches();
        }
    }

    /**
     * What the configuration says, and for the rest the hub's defaults. No packet is longer than a session's memory.
     *
     * @param waitingBytes see there
     */
    public static Limits of(MessageConfig config, LimitsConfig limits, long waitingBytes) {
        int byHeap = (int) Math.max(LEAST_CONNECTIONS, Math.min(waitingBytes / CONNECTION, MOST_CONNECTIONS));
        int connections = set(limits.connections().max(), byHeap);
        return new Limits(
                limits.topic().limits(),
                limits.connections().timeout(),
                (int) limits.connections().packet().bytes(),
                (int) Math.min(config.length().max().bytes(), waitingBytes),
                config.ingress().qos0().buffer().size(),
                waitingBytes / PART,
                config.ingress().qos1().buffer().size(),
                config.egress().qos0().buffer().size(),
                config.egress().qos1().buffer().size(),
                waitingBytes / PART,
                set(limits.sessions().waiting(), WAITING),
                waitingBytes,
                limits.retained().max(),
                connections,
                set(limits.connections().strangers(), Math.max(1, connections / STRANGERS)),
                set(limits.sessions().max(), 2 * connections),
                set(limits.connections().address(), connections),
                limits.sessions().filters(),
                new ClientIds(
                        limits.clientid().length(),
                        Pattern.compile(limits.clientid().pattern())));
    }

    /** The same with the usual limits. */
    public static Limits of(MessageConfig config, long waitingBytes) {
        return of(config, LimitsConfig.DEFAULT, waitingBytes);
    }

    private static int set(int value, int byDefault) {
        return value == 0 ? byDefault : value;
    }
}
