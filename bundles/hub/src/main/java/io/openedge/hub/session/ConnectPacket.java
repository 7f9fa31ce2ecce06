package io.openedge.hub.session;

import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A CONNECT as it came, of a protocol version that the hub knows. What its flags do not announce is empty.
 *
 * @param flags the byte of MQTT 3.1.1, paragraph 3.1.2.3
 * @param keepAlive 0: none. Unit: seconds
 */
public record ConnectPacket(
        MqttVersion version,
        int flags,
        int keepAlive,
        String clientId,
        String willTopic,
        byte[] willMessage,
        String username,
        byte[] password) {
    public static final int WILL = 0x04;
    public static final int PASSWORD = 0x40;
    public static final int USERNAME = 0x80;

    private static final int RESERVED = 0x01;
    private static final int CLEAN = 0x02;
    private static final int WILL_RETAIN = 0x20;

    /** The version that the hub speaks under that name and level. */
    public static Optional<MqttVersion> version(String protocol, int level) {
        return Stream.of(MqttVersion.MQTT_3_1_1, MqttVersion.MQTT_3_1)
                .filter(version -> version.protocolLevel() == level
                        && version.protocolName().equals(protocol))
                .findFirst();
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
        boolean reserved = version == MqttVersion.MQTT_3_1_1 && has(RESERVED);
        boolean will = has(WILL) ? willQos() <= 2 : willQos() == 0 && !willRetain();
        return !reserved && will && (has(USERNAME) || !has(PASSWORD));
    }
}
