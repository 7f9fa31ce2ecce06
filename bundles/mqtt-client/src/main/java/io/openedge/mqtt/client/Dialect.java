package io.openedge.mqtt.client;

import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.MqttDecodeException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import io.openedge.mqtt.MqttVersion;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Which version of MQTT is spoken. The first that the configuration offers is tried first; when the broker does not know it,
 * or seems not to, the other one is tried at once. What a broker has accepted is kept for later connections, until the broker
 * itself says that it does not know it any more. Thread rule: the connection's thread; {@link #spoken} is for any.
 */
final class Dialect {
    private final List<MqttVersion> offered;
    private volatile MqttVersion spoken;
    private boolean agreed;

    /** @param offered one or two, the preferred first */
    Dialect(List<MqttVersion> offered) {
        this.offered = offered;
        this.spoken = offered.get(0);
    }

    /** On the connection that is up, or with the next try. */
    MqttVersion spoken() {
        return spoken;
    }

    /** The broker has accepted it. */
    void accepted() {
        agreed = true;
    }

    /** A try has failed, or a connection has ended. True: the next try is with another version, and makes sense at once. */
    boolean changed(Throwable failure) {
        boolean refused = refused(failure);
        if (offered.size() < 2 || agreed && !refused) {
            return false;
        }
        boolean first = spoken == offered.get(0);
        boolean other = first ? refused || unclear(failure) : agreed;
        agreed = false;
        spoken = offered.get(first && other ? 1 : 0);
        return other;
    }

    private static boolean refused(Throwable failure) {
        if (failure instanceof Mqtt3ConnAckException three) {
            return three.getMqttMessage().getReturnCode() == Mqtt3ConnAckReturnCode.UNSUPPORTED_PROTOCOL_VERSION;
        }
        return failure instanceof Mqtt5ConnAckException five
                && switch (five.getMqttMessage().getReasonCode()) {
                    case UNSUPPORTED_PROTOCOL_VERSION, MALFORMED_PACKET, PROTOCOL_ERROR -> true;
                    default -> false;
                };
    }

    /** Whether the broker got the CONNECT and ended the connection, or answered with what is no CONNACK of this version. */
    private static boolean unclear(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SSLException) {
                return false;
            }
        }
        return failure instanceof ConnectionClosedException || failure instanceof MqttDecodeException;
    }
}
