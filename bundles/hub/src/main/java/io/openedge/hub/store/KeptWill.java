package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.openedge.hub.route.Message;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicLimits;

/**
 * What the hub publishes for a client whose connection ended with the hub. Immutable.
 *
 * @param clientId of the client
 * @param principal as which it had logged in
 * @param message the will
 * @param retain whether it is retained
 */
public record KeptWill(String clientId, String principal, Message message, boolean retain) {

    void encode(ByteBuf out) {
        Codec.text(out, clientId);
        Codec.text(out, principal);
        out.writeByte(message.qos());
        out.writeBoolean(retain);
        Codec.text(out, message.topic().name());
        Codec.bytes(out, message.payload());
    }

    static KeptWill decode(ByteBuf in) {
        String clientId = Codec.text(in);
        String principal = Codec.text(in);
        int qos = in.readByte();
        boolean retain = in.readBoolean();
        Topic topic = topic(Codec.text(in));
        return new KeptWill(clientId, principal, new Message(topic, Codec.bytes(in), qos), retain);
    }

    /** It was a topic when it was written. */
    static Topic topic(String name) {
        return Topic.parse(name, TopicLimits.NONE).orElseThrow();
    }
}
