package io.openedge.hub.session;

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
     * @param level of the protocol
     * @param keepAlive 0: none. Unit: seconds
     */
    record Accepted(
            Principal principal,
            String clientId,
            int level,
            boolean clean,
            int keepAlive,
            @Nullable Will will) implements Login {
        /** The same with other rights. */
        Accepted with(Principal renewed) {
            return new Accepted(renewed, clientId, level, clean, keepAlive, will);
        }
    }

    /** What a client hears that is not let in: the return codes of MQTT 3.1.1, paragraph 3.2.2.3. */
    enum Code {
        ACCEPTED,
        VERSION,
        CLIENT_ID,
        UNAVAILABLE,
        CREDENTIALS,
        RIGHTS
    }

    /** The client hears why not. */
    record Refused(Code code, String reason) implements Login {}

    /** The packet is against the protocol: there is no answer. */
    record Malformed(String reason) implements Login {}

    /** Checks a CONNECT. */
    static Login of(
            ConnectPacket packet, Optional<X509Certificate> certificate, Authenticator authenticator, Limits limits) {
        if (!packet.flagsFit()) {
            return new Malformed("its CONNECT has wrong flags");
        }
        String id = packet.clientId();
        boolean makesItsOwn = packet.level() == ConnectPacket.OLD || !packet.clean();
        if (!limits.clientIds().allow(id) || id.isEmpty() && makesItsOwn) {
            return new Refused(
                    Code.CLIENT_ID,
                    "its client id is too long, has other characters than allowed, or is empty without a clean session");
        }
        String name = packet.username();
        Optional<Principal> principal = authenticator.login(name, packet.password(), certificate);
        if (principal.isEmpty()) {
            return new Refused(
                    Code.CREDENTIALS,
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
                return new Refused(Code.RIGHTS, principal.name() + " may not publish its will");
            }
            will = new Will(topic.get(), packet.willMessage(), packet.willQos(), packet.willRetain());
        }
        return new Accepted(principal, id, packet.level(), packet.clean(), packet.keepAlive(), will);
    }
}
