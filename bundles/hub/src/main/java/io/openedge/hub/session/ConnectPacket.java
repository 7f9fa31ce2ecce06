package io.openedge.hub.session;

import java.util.Set;

/**
 * A CONNECT as it came, of a protocol version that the hub knows. What its flags do not announce is empty.
 *
 * @param level 3: MQTT 3.1, 4: MQTT 3.1.1
 * @param flags the byte of MQTT 3.1.1, paragraph 3.1.2.3
 * @param keepAlive 0: none. Unit: seconds
 */
public record ConnectPacket(
        int level,
        int flags,
        int keepAlive,
        String clientId,
        String willTopic,
        byte[] willMessage,
        String username,
        byte[] password) {
    /** MQTT 3.1: its CONNACK says nothing of a session. */
    public static final int OLD = 3;

    /** MQTT 3.1.1. */
    public static final int CURRENT = 4;

    public static final int WILL = 0x04;
    public static final int PASSWORD = 0x40;
    public static final int USERNAME = 0x80;

    private static final int RESERVED = 0x01;
    private static final int CLEAN = 0x02;
    private static final int WILL_RETAIN = 0x20;
    private static final Set<String> NAMES = Set.of("MQIsdp3", "MQTT4");

    /** Whether the hub speaks it. */
    public static boolean known(String protocol, int level) {
        return NAMES.contains(protocol + level);
    }

    /** Whether one of the flags is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean clean() {
        return has(CLEAN);
    }

    int willQos() {
        return flags >> 3 & 3;
    }

    boolean willRetain() {
        return has(WILL_RETAIN);
    }

    /** [MQTT-3.1.2-3], [MQTT-3.1.2-11], [MQTT-3.1.2-13] to [MQTT-3.1.2-15], [MQTT-3.1.2-22]. */
    boolean flagsFit() {
        boolean reserved = level == CURRENT && has(RESERVED);
        boolean will = has(WILL) ? willQos() <= 2 : willQos() == 0 && !willRetain();
        return !reserved && will && (has(USERNAME) || !has(PASSWORD));
    }
}
