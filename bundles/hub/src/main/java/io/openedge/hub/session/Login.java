package io.openedge.hub.session;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.openedge.hub.auth.Authenticator;
import io.openedge.hub.auth.Principal;
import io.openedge.hub.route.Topic;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a CONNECT leads to. Stateless. */
sealed interface Login {
    /**
     * The client is who it says.
     *
     * @param version of the protocol
     * @param keepAlive 0: none. Unit: seconds
     */
    record Accepted(
            Principal principal,
            String clientId,
            MqttVersion version,
            boolean clean,
            int keepAlive,
            @Nullable Will will)
            implements Login {
        /** The same with other rights. */
        Accepted with(Principal renewed) {
            return new Accepted(renewed, clientId, version, clean, keepAlive, will);
        }
    }

    /** The client hears why not. */
    record Refused(MqttConnectReturnCode code, String reason) implements Login {}

    /** The packet is against the protocol: there is no answer. */
    record Malformed(String reason) implements Login {}

    /** Checks a CONNECT. */
    static Login of(
            ConnectPacket packet, Optional<X509Certificate> certificate, Authenticator authenticator, Limits limits) {
        if (!packet.flagsFit()) {
            return new Malformed("its CONNECT has wrong flags");
        }
        String id = packet.clientId();
        boolean makesItsOwn = packet.version() == MqttVersion.MQTT_3_1 || !packet.clean();
        if (!limits.clientIds().allow(id) || id.isEmpty() && makesItsOwn) {
            return new Refused(
                    MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                    "its client id is too long, has other characters than allowed, or is empty without a clean session");
        }
        String name = packet.username();
        Optional<Principal> principal = authenticator.login(name, packet.password(), certificate);
        if (principal.isEmpty()) {
            return new Refused(
                    MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
                    name.isEmpty() ? "it gave no username" : "username, password or certificate is wrong");
        }
        return accept(packet, principal.get(), limits);
    }

    private static Login accept(ConnectPacket packet, Principal account, Limits limits) {
        String id = packet.clientId().isEmpty() ? "auto-" + UUID.randomUUID() : packet.clientId();
        Principal principal = account.as(id);
        Will will = null;
        if (packet.has(ConnectPacket.WILL)) {
            Optional<Topic> topic = Topic.parse(packet.willTopic(), limits.topics());
            if (topic.isEmpty()) {
                return new Malformed("the topic of its will is not allowed");
            }
            if (!principal.mayPublish(topic.get())) {
                return new Refused(
                        MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                        principal.name() + " may not publish its will");
            }
            will = new Will(topic.get(), packet.willMessage(), packet.willQos(), packet.willRetain());
        }
        return new Accepted(principal, id, packet.version(), packet.clean(), packet.keepAlive(), will);
    }
}
