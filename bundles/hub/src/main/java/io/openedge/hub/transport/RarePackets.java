package io.openedge.hub.transport;

import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.openedge.hub.session.ConnectPacket;
import io.openedge.hub.session.Connection;
import io.openedge.hub.session.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Packets of which a connection sees few: read as objects, handed over when they are whole and sound. Stateless. */
final class RarePackets {
    private static final byte[] NOTHING = new byte[0];

    private RarePackets() {}

    /**
     * Hands over a packet.
     *
     * @return false when it is malformed
     */
    static boolean read(MqttMessageType type, Fields fields, Connection client) {
        return switch (type) {
            case CONNECT -> connect(fields, client);
            case SUBSCRIBE -> subscribe(fields, client);
            case UNSUBSCRIBE -> unsubscribe(fields, client);
            case PINGREQ -> done(fields, client::ping);
            case DISCONNECT -> done(fields, client::disconnect);
            default -> false;
        };
    }

    private static boolean done(Fields fields, Runnable then) {
        boolean sound = fields.sound();
        if (sound) {
            then.run();
        }
        return sound;
    }

    /** Of a version that is not known nothing but the version is read. */
    private static boolean connect(Fields fields, Connection client) {
        String protocol = fields.text();
        int level = fields.one();
        Optional<MqttVersion> version = ConnectPacket.version(protocol, level);
        if (version.isEmpty()) {
            boolean sound = fields.more();
            if (sound) {
                client.refusedVersion();
            }
            return sound;
        }
        int flags = fields.one();
        boolean will = (flags & ConnectPacket.WILL) != 0;
        ConnectPacket packet = new ConnectPacket(
                version.get(),
                flags,
                fields.two(),
                fields.text(),
                will ? fields.text() : "",
                will ? fields.bytes() : NOTHING,
                (flags & ConnectPacket.USERNAME) != 0 ? fields.text() : "",
                (flags & ConnectPacket.PASSWORD) != 0 ? fields.bytes() : NOTHING);
        return done(fields, () -> client.connect(packet));
    }

    private static boolean subscribe(Fields fields, Connection client) {
        int id = id(fields);
        List<Wish> wishes = new ArrayList<>(2);
        while (fields.more()) {
            Wish wish = new Wish(fields.text(), fields.one());
            if (wish.qos() > 2) {
                fields.wrong(); // QoS 3, or one of the six bits that MQTT 3.1.1 reserves [MQTT-3-8.3-4]
            }
            wishes.add(wish);
        }
        return done(fields, () -> client.subscribe(id, wishes));
    }

    private static boolean unsubscribe(Fields fields, Connection client) {
        int id = id(fields);
        List<String> filters = new ArrayList<>(2);
        while (fields.more()) {
            filters.add(fields.text());
        }
        return done(fields, () -> client.unsubscribe(id, filters));
    }

    private static int id(Fields fields) {
        int id = fields.two();
        if (id == 0) {
            fields.wrong();
        }
        return id;
    }
}
