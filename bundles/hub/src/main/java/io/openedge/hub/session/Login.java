package io.openedge.hub.session;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.openedge.hub.auth.Authenticator;
import io.openedge.hub.auth.Principal;
import io.openedge.hub.route.Topic;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a CONNECT leads to. Stateless. */
sealed interface Login {
    /** What netty puts in the place of bytes that are no UTF-8. */
    char NO_UTF8 = '\uFFFD';

    /**
     * The client is who it says.
     *
     * @param keepAlive 0: none. Unit: seconds
     */
    record Accepted(
            Principal principal,
            String clientId,
            boolean clean,
            int keepAlive,
            @Nullable Will will) implements Login {
        /** The same with other rights. */
        Accepted with(Principal renewed) {
            return new Accepted(renewed, clientId, clean, keepAlive, will);
        }
    }

    /** The client hears why not. */
    record Refused(MqttConnectReturnCode code, String reason) implements Login {}

    /** The packet is against the protocol: there is no answer. */
    record Malformed(String reason) implements Login {}

    /** Checks a CONNECT. */
    static Login of(
            MqttConnectMessage packet,
            Optional<X509Certificate> certificate,
            Authenticator authenticator,
            Limits limits) {
        MqttConnectVariableHeader header = packet.variableHeader();
        MqttConnectPayload payload = packet.payload();
        String clientId = payload.clientIdentifier();
        if (header.version() > 4) {
            return new Refused(
                    MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION,
                    "protocol version " + header.version() + " is not supported");
        }
        if (header.willQos() > 2
                || !header.isWillFlag() && (header.willQos() > 0 || header.isWillRetain())
                || header.hasPassword() && !header.hasUserName()) {
            return new Malformed("its CONNECT has wrong flags");
        }
        if (!limits.clientIds().allow(clientId) || clientId.isEmpty() && !header.isCleanSession()) {
            return new Refused(
                    MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                    "its client id is too long, has other characters than allowed, or is empty without a clean session");
        }
        String name = username(packet);
        byte[] password = header.hasPassword() ? payload.passwordInBytes() : new byte[0];
        Optional<Principal> principal = authenticator.login(name, password, certificate);
        if (principal.isEmpty()) {
            return new Refused(
                    MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
                    name.isEmpty() ? "it gave no username" : "username, password or certificate is wrong");
        }
        return accept(packet, principal.get(), limits);
    }

    /** Empty when there is none. */
    static String username(MqttConnectMessage packet) {
        return packet.variableHeader().hasUserName() ? packet.payload().userName() : "";
    }

    private static Login accept(MqttConnectMessage packet, Principal account, Limits limits) {
        MqttConnectVariableHeader header = packet.variableHeader();
        MqttConnectPayload payload = packet.payload();
        String id = payload.clientIdentifier().isEmpty() ? "auto-" + UUID.randomUUID() : payload.clientIdentifier();
        Principal principal = account.as(id);
        Will will = null;
        if (header.isWillFlag()) {
            Optional<Topic> topic = Topic.parse(payload.willTopic(), limits.topics());
            if (topic.isEmpty() || payload.willTopic().indexOf(NO_UTF8) >= 0) {
                return new Malformed("the topic of its will is not allowed");
            }
            if (!principal.mayPublish(topic.get())) {
                return new Refused(
                        MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                        principal.name() + " may not publish its will");
            }
            will = new Will(topic.get(), payload.willMessageInBytes(), header.willQos(), header.isWillRetain());
        }
        return new Accepted(principal, id, header.isCleanSession(), header.keepAliveTimeSeconds(), will);
    }
}
